// SPDX-License-Identifier: Apache-2.0
//
// FerrulePlanner: two rulesets to the steps that make one of the other (Steps), and to what that changes for traffic
// (Comparing). It knows no object of Kubernetes, only what Ferrule's tables are for, and nothing of netlink.
