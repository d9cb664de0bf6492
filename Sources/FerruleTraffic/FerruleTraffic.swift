// SPDX-License-Identifier: Apache-2.0
//
// FerruleTraffic: questions about traffic in people's words, and the answers: who asks whom becomes packets, the evaluator of
// the ruleset says what becomes of them, and services, pods and nodes are named again. It knows nothing of how answers are
// printed.
