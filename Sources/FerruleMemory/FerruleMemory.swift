// SPDX-License-Identifier: Apache-2.0
//
// FerruleMemory: how this process gives back memory that it has freed. It knows nothing of what it was for.
