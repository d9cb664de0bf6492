// SPDX-License-Identifier: Apache-2.0
//
// FerruleNetwork: addresses, prefixes, ports and transport protocols as values. It knows nothing of Kubernetes or
// nftables, and nothing of where a value came from.
