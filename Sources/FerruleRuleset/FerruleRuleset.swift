// SPDX-License-Identifier: Apache-2.0
//
// FerruleRuleset: nftables objects as values. The compiler makes them, the backends print or send them. The module knows no
// object of Kubernetes, only what its tables are for, and nothing of netlink.
