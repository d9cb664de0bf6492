// SPDX-License-Identifier: Apache-2.0
//
// FerruleManifests: files of YAML and JSON to Kubernetes objects, and where in these files a field stands. It knows
// nothing of what the objects mean. Every error of a parser is worded anew here.
