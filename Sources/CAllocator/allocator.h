// SPDX-License-Identifier: Apache-2.0
// What the C library's allocator has beyond malloc and free, which Swift's module of the C library leaves out.
#include <malloc.h>
