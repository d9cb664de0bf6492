// SPDX-License-Identifier: Apache-2.0
//
// FerrulePlanner: two rulesets to the steps that make one of the other, and to what that changes for traffic. It knows no
// object of Kubernetes, only what its tables are for, and nothing of netlink.
