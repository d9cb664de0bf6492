// SPDX-License-Identifier: Apache-2.0
//
// FerruleKubernetes: the Kubernetes objects that Ferrule reads, as the API serves them, and the API's validation rules for
// the fields used. It knows nothing of files, YAML or JSON text, nor of what is made of the objects.
//
// The values are raw: strings as they were written, absent fields as nil. Validation says what is wrong with them;
// resolution gives them meaning.
