// SPDX-License-Identifier: Apache-2.0
//
// FerruleDiscovery: how services are found: by the variables that containers get, and by the names in the cluster's DNS. It
// knows nothing of how packets reach a service, nor of files.
