//! The program in a network of its own, where the kernel counts whatever wants to leave.
//!
//! P31: nothing leaves but through the gateway. The whole main job sends nothing, not even a
//! question for a name; a disclosure that the policy refuses sends nothing; the one thing that may
//! leave, a letter of the desk, is counted, so the counting is not blind.

#![cfg(all(test, target_os = "linux"))]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A pair of interfaces with a way to everywhere that leads nowhere.
const NETWORK: &str = "
ip link set lo up
ip link add out0 type veth peer name out1
ip addr add 10.9.9.1/24 dev out0
ip link set out0 up
ip link set out1 up
ip route add default via 10.9.9.2 dev out0
ip -6 addr add fd09::1/64 dev out0 nodad
ip -6 route add default via fd09::2 dev out0
";

/// Packets of IPv4 that were to be sent, TCP connections that were begun, IPv6 among them, and
/// datagrams of UDP over IPv6. Packets of IPv6 as such are not counted: the kernel looks for
/// neighbours by itself.
const COUNT: &str = r#"
count() {
  awk -v what="$1" '
    $1 == "Ip:" && !ip { for (n = 2; n <= NF; n++) if ($n == "OutRequests") ip = n; next }
    $1 == "Ip:" { sent = $ip }
    $1 == "Tcp:" && !tcp { for (n = 2; n <= NF; n++) if ($n == "ActiveOpens") tcp = n; next }
    $1 == "Tcp:" { begun = $tcp }
    $1 == "Udp6OutDatagrams" { datagrams = $2 }
    END { print what, sent, begun, datagrams }' /proc/net/snmp /proc/net/snmp6
}
"#;

const CHAT: &str = r#"{"format":"privity.chat/1","id":"chat-1","channel":"chat",
  "started":"2026-10-08T16:20:05Z","direction":"inbound",
  "parties":[{"role":"agent"},{"role":"consumer","mailto":"nora@example.org"}],
  "messages":[{"from":1,"at":"2026-10-08T16:20:05Z","text":"My parcel did not arrive"}]}"#;

const RECIPIENT: &str = r#"
name = "Warehouse"
kind = "processor"
contract = "order 1, section 4"
categories = ["user.content.redacted", "user.behavior.interaction"]
terms = []
controls = {}
attested_until = "2099-12-31T00:00:00Z"
region = "EU"
transport = "webhook"
address = "https://10.9.9.2/hook"
secret = "whsec_c2VjcmV0IG9mIGJvdGggc2lkZXM="
"#;

fn models() -> PathBuf {
    let named = std::env::var_os("PRIVITY_MODELS").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models"))
}

#[test]
fn p31_the_main_job_and_a_refused_disclosure_send_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("chat.json"), CHAT).unwrap();
    std::fs::write(at("recipient.toml"), RECIPIENT).unwrap();
    let script = format!(
        r#"set -e
{NETWORK}{COUNT}
privity() {{ "{program}" --data data --models "{models}" "$@"; }}
count before
privity init
privity tenant add acme
privity ingest chat.json
privity process
privity list --json > list.json
id=$(grep -o 'int_[0-9a-f]*' list.json | head -1)
privity search parcel
privity show "$id"
privity export "$id" --format vcon > /dev/null
privity policy verify report
privity ledger verify
privity doctor || true
count main_job
privity recipient add recipient.toml --json > recipient.json
to=$(grep -o 'rcp_[0-9a-f]*' recipient.json | head -1)
if privity disclose "$id" --to "$to" --reason "the order"; then exit 9; fi
count refused
echo 'post = "smtps://10.9.9.2"' > data/privity.toml
timeout 10 "{program}" --data data request open access --address nora@example.org || true
count letter
bash -c 'echo anybody there > /dev/udp/fd09::2/53'
count datagram
"#,
        program = env!("CARGO_BIN_EXE_privity"),
        models = models().display(),
    );
    let out = Command::new("unshare")
        .args(["--net", "--map-root-user", "sh", "-c", &script])
        .current_dir(folder.path())
        .output()
        .expect("`unshare` of Debian's util-linux is there");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let failed = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        out.status.success(),
        "{said}{failed}\n(a network of its own needs user namespaces and Debian's iproute2)"
    );
    let counted = |what: &str| -> [u64; 3] {
        let line = said.lines().find(|line| line.starts_with(what)).unwrap();
        let numbers = line.split_whitespace().skip(1).map(|n| n.parse().unwrap());
        let numbers: Vec<u64> = numbers.collect();
        numbers.try_into().unwrap()
    };
    assert_eq!(counted("main_job"), counted("before"), "{said}{failed}");
    assert_eq!(counted("refused"), counted("before"), "{said}{failed}");
    assert!(
        counted("letter")[1] > counted("before")[1],
        "{said}{failed}"
    );
    assert!(
        counted("datagram")[2] > counted("letter")[2],
        "{said}{failed}"
    );
}
