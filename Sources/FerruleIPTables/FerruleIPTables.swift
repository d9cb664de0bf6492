// SPDX-License-Identifier: Apache-2.0
//
// FerruleIPTables: resolved services to rules of iptables and ip6tables, their text for iptables-restore, and what has to be sent
// where iptables-save shows that something else stands. It starts no program. The layout: a tree over destination addresses
// leads to a chain for each service port, so that a packet meets tens of rules among ten thousand services; a tree of
// random choices leads to one of many endpoints.
