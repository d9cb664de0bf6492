// SPDX-License-Identifier: Apache-2.0
//
// FerruleNFTText: rulesets as the two texts that the nft program reads, its own language and JSON. The module knows
// nothing of Kubernetes or of the kernel, and the same ruleset gives the same bytes everywhere.
