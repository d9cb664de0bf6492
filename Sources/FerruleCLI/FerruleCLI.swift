// SPDX-License-Identifier: Apache-2.0
//
// FerruleCLI: the command line. It reads arguments, files and the clock, calls the other modules in order, and prints
// what they return; what an input means is decided elsewhere.
