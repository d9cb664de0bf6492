// SPDX-License-Identifier: Apache-2.0
//
// FerruleStatements: statements about what becomes of traffic: they are read, checked against the rulesets of nodes, and
// proposed from what holds. It knows nothing of how rulesets are made, nor of how results are printed.
