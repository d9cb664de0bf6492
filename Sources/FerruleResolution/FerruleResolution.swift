// SPDX-License-Identifier: Apache-2.0
//
// FerruleResolution: which virtual addresses and node ports each service has, and which endpoints serve them, as seen from
// one node. It knows Kubernetes' meaning of things and nothing of how packets are led to the endpoints.
