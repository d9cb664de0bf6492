// SPDX-License-Identifier: Apache-2.0

/// Why commands could not be kept apart in a network namespace, or a confirmation not be prepared, asked for or given.
enum ConfirmationError: Error {
    /// A system call failed (`errno`) on the folder, the socket or the watchdog process.
    case system(Int32)
    /// The file of the process's network namespace cannot be opened, or locked (`errno`).
    case namespace(Int32)
    /// Another apply waits for its confirmation.
    case isPending
    /// An apply is at work.
    case isBusy
    /// The watchdog could not be made ready; its own words.
    case watchdog(String)
}
