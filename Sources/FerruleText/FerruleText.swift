// SPDX-License-Identifier: Apache-2.0
//
// FerruleText: how numbers, quoted texts and colours are written, byte by byte where there are many. It knows nothing of what
// they are about.
