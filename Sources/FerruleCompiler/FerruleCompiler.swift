// SPDX-License-Identifier: Apache-2.0
//
// FerruleCompiler: resolved services to a ruleset. It knows what nftables can do and nothing of how rules are written down
// or sent. The layout: a service is one element of the map `services`, its i-th endpoint one element of the map
// `endpoints-i`; chains exist for each slot i and each shape of traffic, such as "three endpoints, masqueraded", never for a
// service, except that a service port with session affinity has a map and chains of its own. A service of more than
// 1,024 endpoints is cut into parts, which are like services of their own.
