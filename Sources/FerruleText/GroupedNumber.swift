// SPDX-License-Identifier: Apache-2.0

extension Int {
    /// The number with its thousands apart: `9,950`.
    package var grouped: String {
        var text = ""
        for (position, digit) in String(magnitude).enumerated() {
            if position > 0, (String(magnitude).count - position).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return self < 0 ? "-" + text : text
    }
}
