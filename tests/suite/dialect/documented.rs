//! PROTOCOL.md lists exactly the refusals there are, with their statuses and extras.
use convene::fault::{Extra, Fault};
use std::collections::BTreeMap;

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

/// Code to (status, extras) as the page says.
fn documented() -> BTreeMap<String, (String, String)> {
    let text = include_str!("../../../docs/PROTOCOL.md");
    let table = text
        .split("## Refusals")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("the section stands");
    let rows = table.lines().filter(|line| line.starts_with("| `"));
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
