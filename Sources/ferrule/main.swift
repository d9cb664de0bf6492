// SPDX-License-Identifier: Apache-2.0

internal import FerruleCLI
internal import FerruleMemory

ProcessMemory.returnLargeBlocks()
FerruleCommand.start()
