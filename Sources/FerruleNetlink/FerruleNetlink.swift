// SPDX-License-Identifier: Apache-2.0
//
// FerruleNetlink: transactions to the kernel by libnftnl and libmnl, and what the kernel says in return. It knows
// nothing of Kubernetes or of nft's text.
