// SPDX-License-Identifier: Apache-2.0
//
// FerruleAgent: `ferrule run`. Changes of objects go through the store, the resolver and the builder into transactions, one by
// one; there is no other compiler than that of a whole cluster, and no waiting.
