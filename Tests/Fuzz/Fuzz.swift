// SPDX-License-Identifier: Apache-2.0
//
// ferrule-fuzz: libFuzzer's entry; `scripts/fuzz` builds and runs it. It makes inputs from those it is given, and keeps what
// reaches code that no other has reached.

import Fuzzing

/// Called by libFuzzer for each input (`LLVMFuzzerTestOneInput` in LLVM's `libFuzzer.rst`); what fails ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func checkInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let faults = InputCheck(unsafe Array(UnsafeBufferPointer(start: start, count: count))).faults
    precondition(faults.isEmpty, faults.joined(separator: "\n"))
    return 0
}
