// SPDX-License-Identifier: Apache-2.0
//
// FerruleParallel: work on all processors. It knows nothing of what is worked on.
