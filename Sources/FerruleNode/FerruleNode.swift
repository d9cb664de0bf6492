// SPDX-License-Identifier: Apache-2.0
//
// FerruleNode: a node, whose kernel is brought to a ruleset, by netlink or by the programs of iptables, kept there, and tidied
// up behind it. It knows nothing of how rulesets are made, nor of how what was done is printed.
