// SPDX-License-Identifier: Apache-2.0
//
// FerruleAPIServer: lists and watches of a Kubernetes API server as changes of a cluster; kubeconfig, credentials, retries.
// It knows nothing of what is made of the objects.
