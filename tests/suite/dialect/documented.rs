//! PROTOCOL.md lists exactly the refusals there are, with their statuses and extras, and a test over the wire meets each, and each close.
use convene::dialect::close::Close;
use convene::fault::{Extra, Fault};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One of each; the match below makes a new one a compile error until it is listed.
fn all() -> Vec<Fault> {
    use Fault::*;
    let all = vec![
        Malformed,
        Unsupported,
        TooLarge { limit: 1 },
        Fault::field("f", "w"),
        StaleGeneration { generation: 1 },
        NotFound,
        MethodNotAllowed,
        UnsupportedMedia,
        LengthRequired,
        StaleVersion { version: 1 },
        IdempotencyConflict,
        Unauthenticated,
        TokenInvalid,
        CodeInvalid,
        Csrf,
        NameTaken,
        Unverified { flow: "f".to_owned() },
        WeakPassword { reason: "short" },
        InvalidEmail,
        InvalidPhone,
        BadOrigin,
        WrongPin,
        NoSuchRoom,
        RoomFull,
        Locked,
        Ended,
        NotJoined,
        IdentityInUse,
        Forbidden { right: "chat" },
        NoSuchTarget,
        Glare,
        UnknownSession,
        BadSecret,
        RateLimited { retry_after_ms: 1 },
        Quota,
        Busy,
        Internal,
        Unavailable,
        StorageUnavailable,
    ];
    for fault in &all {
        match fault {
            Malformed
            | Unsupported
            | TooLarge { .. }
            | InvalidField { .. }
            | StaleGeneration { .. }
            | NotFound
            | MethodNotAllowed
            | UnsupportedMedia
            | LengthRequired
            | StaleVersion { .. }
            | IdempotencyConflict
            | Unauthenticated
            | TokenInvalid
            | CodeInvalid
            | Csrf
            | NameTaken
            | Unverified { .. }
            | WeakPassword { .. }
            | InvalidEmail
            | InvalidPhone
            | BadOrigin
            | WrongPin
            | NoSuchRoom
            | RoomFull
            | Locked
            | Ended
            | NotJoined
            | IdentityInUse
            | Forbidden { .. }
            | NoSuchTarget
            | Glare
            | UnknownSession
            | BadSecret
            | RateLimited { .. }
            | Quota
            | Busy
            | Internal
            | Unavailable
            | StorageUnavailable => {}
        }
    }
    all
}

fn section(title: &str) -> &'static str {
    let text = include_str!("../../../docs/PROTOCOL.md");
    let rest = text.split(title).nth(1).and_then(|rest| rest.split("\n## ").next());
    rest.expect("the section stands")
}

/// Code to (status, extras) as the page says.
fn documented() -> BTreeMap<String, (String, String)> {
    let rows = section("## Refusals").lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`').to_owned(), (cells[2].to_owned(), cells[3].to_owned()))
    })
    .collect()
}

#[test]
fn every_refusal_is_documented_and_nothing_else() {
    let name = |extra: &Extra| match extra {
        Extra::Text(name, _) | Extra::Number(name, _) => *name,
    };
    let real: BTreeMap<_, _> = all()
        .iter()
        .map(|fault| {
            let extras: Vec<_> = fault.extras().iter().map(name).collect();
            (fault.code().to_owned(), (fault.status().to_string(), extras.join(", ")))
        })
        .collect();
    assert_eq!(real, documented());
}

/// The lines of all tests that go over a real socket.
fn lines_of_wire_tests() -> Vec<String> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut folders: Vec<PathBuf> = ["scenario", "rest", "rim"].map(|part| suite.join(part)).into();
    let mut lines = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder of tests") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                lines.extend(std::fs::read_to_string(&path).expect("text").lines().map(str::to_owned));
            }
        }
    }
    lines
}

/// Those of `codes` that no line asserts, which also has one of `signs`.
fn unasserted(codes: impl IntoIterator<Item = String>, signs: &[&str]) -> Vec<String> {
    let lines = lines_of_wire_tests();
    let asserts = |line: &str| signs.iter().any(|sign| line.contains(sign));
    let asserting: Vec<_> = lines.iter().filter(|line| asserts(line)).collect();
    codes.into_iter().filter(|code| !asserting.iter().any(|line| line.contains(code))).collect()
}

#[test]
fn every_refusal_is_met_by_a_test_over_the_wire() {
    let codes = documented().into_keys().map(|code| format!("\"{code}\""));
    assert_eq!(unasserted(codes, &["is_refused(", "[\"code\"]", "\"code\":"]), [""; 0]);
}

/// One of each; the match makes a new one a compile error until it is listed.
fn closes() -> Vec<Close> {
    use Close::*;
    let all = vec![
        Normal,
        Protocol,
        Binary,
        BadUtf8,
        Policy,
        TooLarge,
        Drain,
        HeartbeatMissed,
        Slow,
        ServerError,
        SessionUnknown,
        AccountExpired,
        Kicked,
        RoomEnded,
        Replaced,
        Revoked,
        BadProtocol,
        NoHello,
        TooManyErrors,
        Rate,
        TooManyConnections,
        Answer(None),
    ];
    for close in &all {
        match close {
            Normal | Protocol | Binary | BadUtf8 | Policy | TooLarge | Drain | HeartbeatMissed | Slow
            | ServerError | SessionUnknown | AccountExpired | Kicked | RoomEnded | Replaced | Revoked
            | BadProtocol | NoHello | TooManyErrors | Rate | TooManyConnections | Answer(_) => {}
        }
    }
    all
}

/// The codes that the page lists.
fn listed() -> BTreeSet<u16> {
    let rows = section("## Close codes").lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split(','));
    cells.filter_map(|code| code.trim().parse().ok()).collect()
}

#[test]
fn every_close_code_is_documented_and_nothing_else() {
    let mut real: BTreeSet<u16> = closes().into_iter().filter_map(Close::code).collect();
    assert!(real.remove(&1000), "the plain end is on no page");
    assert_eq!(real, listed());
}

#[test]
fn every_close_code_is_met_by_a_test_over_the_wire() {
    let codes: Vec<_> = listed().iter().map(u16::to_string).collect();
    assert!(codes.len() >= 19, "{codes:?}");
    let signs = ["is_closed()", "Close(Some(", "closed(", "assert_eq!(code", "for expected in"];
    assert_eq!(unasserted(codes, &signs), [""; 0]);
}
