// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Testing

/// Exit code 64: the command line itself is wrong.
struct UsageTests {
    private static let input = ["-f", "golden/clusterip/input.yaml"]

    @Test(
        "a wrong command line is refused in one sentence",
        arguments: [
            (["bogus"], "there is no command 'bogus'\n"),
            (["rendr", "-f", "x"], "there is no command 'rendr'; did you mean 'render'?\n"),
            (["stauts", "--help"], "there is no command 'stauts'; did you mean 'status'?\n"),
            (["help", "palns"], "there is no command 'palns'; did you mean 'plan'?\n"),
            (["-q", "status"], "options stand behind the command, as in `ferrule COMMAND -q`\n"),
            (
                ["--generate-completion-script", "tcsh"],
                "there is no completion script for 'tcsh', only for bash, fish, zsh\n"
            ),
            (["--vers"], "there is no option '--vers'; did you mean '--version'?\n"),
            (
                ["render", "x.yaml"],
                "'x.yaml' has no -f before it, as each file or directory needs: `ferrule render -f x.yaml`\n"
            ),
            (
                ["apply", "-q", "-f", "a", "b", "c", "d"],
                "'b' has no -f before it, as each file or directory needs: `ferrule apply -f a -f b -f c ...`\n"
            ),
            (["render", "--nodename", "a"] + input, "there is no option '--nodename'; did you mean '--node-name'?\n"),
            (["render", "--filname", "x"], "there is no option '--filname'; did you mean '--filename'?\n"),
            (["render", "-filename", "x"], "there is no option '-filename'; did you mean '--filename'?\n"),
            (["apply", "--chekc"] + input, "there is no option '--chekc'; did you mean '--check'?\n"),
            (["apply", "--conf"] + input, "there is no option '--conf'; did you mean '--confirm' or '--config'?\n"),
            (["status", "-x"], "there is no option '-x'\n"),
            (["render"], "no input: pass a file, a directory or - with -f"),
            (["apply"], "no input: pass a file, a directory or - with -f"),
            (["render", "-f"], "Missing value for '-f'"),
            (["render", "--bogus"] + input, "there is no option '--bogus'\n"),
            (["render", "--node-name", " "] + input, "' ' is not the name of a node"),
            (["render", "--node-ip", "192.0.2"] + input, "'192.0.2' is not an IPv4 or IPv6 address"),
            (["render", "--node-ip", "192.0.2.1,"] + input, "'' is not an IPv4 or IPv6 address"),
            (["render", "--node-ip", "0.0.0.0"] + input, "--node-ip 0.0.0.0: no node is reached at it"),
            (["render", "--node-ip", "192.0.2.1,ff02::1"] + input, "--node-ip ff02::1: no node is reached at it"),
            (["apply", "--node-ip", "::"] + input, "--node-ip ::: no node is reached at it"),
            (["render", "--node-name="] + input, "Missing value for '--node-name <name>'"),
            (
                ["render", "--cluster-cidr", "10.0.0.0/8,fd00::/8,11.0.0.0/8"] + input,
                "--cluster-cidr: 11.0.0.0/8 is the second IPv4 range; there is one of each family"
            ),
            (["render", "--cluster-cidr", "10.0.0.0"] + input, "'10.0.0.0' is not a range in CIDR form"),
            (["render", "--service-cidr", "10.0.0.0/33"] + input, "'10.0.0.0/33' is not a range in CIDR form"),
            (["render", "--node-port-range", "30000"] + input, "'30000' is not a range of ports"),
            (["render", "--node-port-range", "32767-30000"] + input, "'32767-30000' is not a range of ports"),
            (["render", "--node-port-range", "1-65536"] + input, "'1-65536' is not a range of ports"),
            (["render", "--nodeport-addresses", "all"] + input, "'all' is not primary or a range in CIDR form"),
            (
                ["render", "--nodeport-addresses", "192.0.2.0/24,primary"] + input,
                "'192.0.2.0/24,primary': primary stands alone, or ranges in CIDR form do"
            ),
            (
                ["render", "--detect-local-mode", "InterfaceNamePrefix:exactly15chars1"] + input,
                "'exactly15chars1' is too long: a prefix of interface names has up to 14 characters"
            ),
            (
                ["render", "--detect-local-mode", "BridgeInterface:a\"b"] + input,
                "'a\"b' is not the name of an interface: these have no blanks, and none of \" \\ * / :"
            ),
            (
                ["apply", "--backend", "iptables", "--detect-local-mode", "BridgeInterface:pod+"] + input,
                "--detect-local-mode: iptables cannot match interfaces by 'pod+': it takes visible characters of ASCII"
            ),
            (["render", "--masquerade-bit", "32"] + input, "'32' is not the number of a bit, 0 to 31"),
            (["plan", "--against", ""] + input, "write a path, or - for standard input"),
            (["render", "-f", ""], "write a path, or - for standard input"),
            (["render"] + input + ["--masquerade-bit"], "Missing value for '--masquerade-bit <n>'"),
            (["render", "--namespace", "a/b"] + input, "--namespace \"a/b\": a namespace has at most 63"),
            (["render", "--write-lock"] + input, "--write-lock needs --lock FILE"),
            (["validate", "--write-lock", "--lock", "x"] + input, "validate writes no file"),
            (
                ["trace", "--from", "node", "--to", "nodeport 30080", "--write-lock", "--lock", "x"] + input,
                "trace writes no file; --write-lock is for render, plan and apply"
            ),
            (
                ["trace", "--from", "10.244.0.2:70000", "--to", "nodeport 30080"] + input,
                "'10.244.0.2:70000' is not a source: '70000' is not a port, 1 to 65535"
            ),
            (
                ["trace", "--from", "node", "--to", "[fd00::1]:0/udp"] + input,
                "'[fd00::1]:0/udp' is not a destination: '0' is not a port, 1 to 65535"
            ),
            (
                ["trace", "--from", "node", "--to", "nodeport 70000"] + input,
                "'nodeport 70000' is not a destination: '70000' is not a port, 1 to 65535"
            ),
            (
                ["trace", "--from", "node", "--to", "nodeport 30080", "--in", "bad name"] + input,
                "--in: 'bad name' is not the name of an interface"
            ),
            (["validate", "--format", "xml"] + input, "'text', 'json', 'github' or 'sarif'"),
            (["render", "--format", "xml"] + input, "'nft', 'json' or 'netlink'"),
            (["ingress"], "no input: pass a file, a directory or - with -f"),
            (["ingress", "--bind", "localhost"] + input, "'localhost' is not an IPv4 or IPv6 address"),
            (["ingress", "--http-port", "0"] + input, "'0' is not a port, 1 to 65535"),
            (["ingress", "--format", "nginx"] + input, "Please provide one of 'haproxy'"),
            (
                ["ingress", "--tls-directory", "a b"] + input,
                "--tls-directory \"a b\": HAProxy's lists of certificates hold paths of letters, digits and"
            ),
            (
                ["ingress", "--http-port", "443", "--tls-directory", "tls"] + input,
                "--http-port and --https-port are both 443"
            ),
            (["ingress", "--write-lock", "--lock", "x"] + input, "ingress writes no lock file"),
            (
                ["test", "--write", "-t", "x"] + input,
                "--write prints statements, and checks none: leave -t and --format out"
            ),
            (["run", "-f", "-"], "-f -: standard input cannot be followed; pass files or folders"),
            (["run", "-f", "/dev/stdin"], "-f /dev/stdin: a pipe or device cannot be followed; pass files or folders"),
            (
                ["run", "--kubeconfig", "x"] + input,
                "-f and --kubeconfig: either files or an API server can be followed"
            ),
            (
                ["run", "--lock", "x", "--write-lock"] + input,
                "--write-lock: nothing is allocated for good by `run`"
            ),
            (["run", "--context", "a"] + input, "--context needs --kubeconfig FILE, or a --config that names one"),
            (["run", "--log-level", "loud"] + input, "'debug', 'info', 'warning' or 'error'"),
            (["run", "--take-over", "cilium"] + input, "Please provide one of 'kube-proxy'"),
            (["run", "--lock", "y"], "--lock: an API server has given each service what it has"),
            (["run", "--kubeconfig", "x", "--lock", "y"], "--lock: an API server has given each service what it has"),
            (["run", "--exclude", "x"], "--exclude: an API server has no files and folders; it is for -f PATH"),
            (["run", "--namespace", "shop"], "--namespace: an API server's objects say theirs"),
            (["run", "--allow-empty"], "--allow-empty: an API server is followed also where it has no services"),
            (["run", "--strict"], "--strict: what an API server has stored is followed as it is"),
            (["run", "--assume-pods"], "--assume-pods: an API server tells of the pods that there are"),
            (["get"], "no input: pass a file, a directory or - with -f"),
            (["get", "--live"] + input, "--live lists what stands in the kernel, and -f what definitions say"),
            (["get", "pods", "web"] + input, "'pods' is not services or endpoints, which are what can be listed\n"),
            (["get", "a/b/c"] + input, "'a/b/c' is not a service: write NAMESPACE/NAME, NAME, or NAMESPACE/"),
            (["get", "/web"] + input, "'/web' is not a service: write NAMESPACE/NAME, NAME, or NAMESPACE/"),
            (["get", "services", "web", "x.yaml"], "'x.yaml' has no -f before it, as each file or directory needs"),
            (["get", "--write-lock", "--lock", "x"] + input, "get writes no file"),
            (["get", "--format", "yaml"] + input, "'table', 'wide', 'json' or 'name'"),
            (["render", "--family", "ipv5"] + input, "'ipv4', 'ipv6' or 'all'"),
            (["render", "--color", "blue"] + input, "'auto', 'always' or 'never'"),
            (["apply", "--format", "yaml"] + input, "'text' and 'json'"),
            (["apply", "--confirm", "0"] + input, "'0' is not a number of seconds, 1 to 86400"),
            (["apply", "--confirm", "soon"] + input, "'soon' is not a number of seconds, 1 to 86400"),
            (
                ["apply", "--confirm", "9", "--check"] + input,
                "--check changes nothing, so there is nothing to --confirm"
            ),
            (["apply"] + input + ["--confirm"], "Missing value for '--confirm <seconds>'"),
            (["confirm", "now"], "Unexpected argument 'now'"),
            (["status", "--format", "yaml"], "'text' and 'json'"),
            (["delete", "table"], "Unexpected argument 'table'"),
            (["rend\u{1b}[31m"], "there is no command 'rend\\u{1b}[31m'"),
            (["render", "--\u{1b}]0;x"] + input, "there is no option '--\\u{1b}]0;x'"),
            (["render", "--family", "\u{1b}[31m"] + input, "The value '\\u{1b}[31m' is invalid"),
        ])
    func refuses(arguments: [String], message: String) async throws {
        let run = try await ProgramRun.ferrule(arguments)
        #expect(run.status == 64)
        #expect(run.standardOutput == "")
        #expect(run.standardError.contains(message))
        #expect(run.standardError.hasPrefix("Error: "))
        #expect(run.standardError.contains("\nUsage: ferrule "))
    }
}
