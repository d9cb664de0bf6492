// SPDX-License-Identifier: Apache-2.0
//
// FerruleCluster: the objects of a cluster by kind, namespace and name, kept up to date by changes, and which services a
// change concerns. Objects from files and from an API server are the same here. It knows nothing of where changes come
// from, nor of what is made of the objects.
