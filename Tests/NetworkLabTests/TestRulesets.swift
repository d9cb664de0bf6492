// SPDX-License-Identifier: Apache-2.0

/// A hand-written service in both families and all protocols, with each kind of fate a packet can meet.
///
/// 10.96.0.10 / fd00:10:96::a port 80 has one endpoint in a local pod and one remote; 10.96.0.11 / fd00:10:96::b only
/// the first local pod, also when that pod asks; .12 / ::c refuses with RST or port unreachable; .13 / ::d refuses TCP
/// too with port unreachable; .14 / ::e drops. Sources outside the pod ranges are masqueraded.
let serviceRuleset = family("ip", v6: false) + family("ip6", v6: true)

private func family(_ table: String, v6: Bool) -> String {
    let pods = v6 ? "fd00:10:244::/48" : "10.244.0.0/16"
    func vip(_ number: Int) -> String { v6 ? "fd00:10:96::\(String(9 + number, radix: 16))" : "10.96.0.\(9 + number)" }
    let local = v6 ? "fd00:10:244::6" : "10.244.0.6"
    let remote = v6 ? "fd00:10:244:1::6" : "10.244.1.6"
    return """
        table \(table) lab {
            chain refuse {
                meta l4proto tcp reject with tcp reset
                reject
            }
            chain dispatch {
                \(table) daddr \(vip(1)) meta l4proto { tcp, udp, sctp } th dport 80 goto spread
                \(table) daddr \(vip(2)) meta l4proto { tcp, udp, sctp } th dport 80 goto local
                \(table) daddr \(vip(3)) goto refuse
                \(table) daddr \(vip(4)) reject
                \(table) daddr \(vip(5)) drop
            }
            chain spread {
                meta l4proto tcp dnat to numgen inc mod 2 map { 0 : \(local), 1 : \(remote) }
                meta l4proto udp dnat to numgen inc mod 2 map { 0 : \(local), 1 : \(remote) }
                meta l4proto sctp dnat to numgen inc mod 2 map { 0 : \(local), 1 : \(remote) }
            }
            chain local {
                dnat to \(local)
            }
            chain prerouting {
                type nat hook prerouting priority dstnat
                jump dispatch
            }
            chain output {
                type nat hook output priority -100
                jump dispatch
            }
            chain postrouting {
                type nat hook postrouting priority srcnat
                ct status dnat \(table) saddr != \(pods) masquerade fully-random
                ct status dnat \(table) saddr \(local) \(table) daddr \(local) masquerade fully-random
            }
        }

        """
}
