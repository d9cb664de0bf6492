// SPDX-License-Identifier: Apache-2.0
//
// FerruleIngress: which requests Ingresses send to which endpoints, and how HAProxy is told. The routing is a value that knows
// nothing of HAProxy; what prints it knows nothing of Ingresses. Neither reads nor writes files.
