// SPDX-License-Identifier: Apache-2.0
//
// FerruleDiagnostics: what can be said about an input, and how it is printed. It knows nothing of what is being checked.
