// SPDX-License-Identifier: Apache-2.0
//
// FerruleChecks: all that is wrong with definitions, in one place for whoever reads them. It knows nothing of what becomes of them.
