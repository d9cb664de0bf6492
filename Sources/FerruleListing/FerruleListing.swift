// SPDX-License-Identifier: Apache-2.0
//
// FerruleListing: what there is of services, as rows: from definitions or from what stands in a kernel. It knows nothing of
// how rows are printed, nor of where definitions or rulesets come from.
