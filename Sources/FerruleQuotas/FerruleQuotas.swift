// SPDX-License-Identifier: Apache-2.0
//
// FerruleQuotas: whether the objects of an input fit the ResourceQuotas in it. It knows nothing of traffic, nor of where the
// objects come from.
