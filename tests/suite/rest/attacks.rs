//! Attacks on accounts, one row each with its exact answers; after every row a healthy bystander is served as before.
#[path = "attacks/flooding.rs"]
mod flooding;
#[path = "attacks/guessing.rs"]
mod guessing;
#[path = "attacks/probing.rs"]
mod probing;
#[path = "attacks/writing.rs"]
mod writing;

use super::person::{Person, signs_up};
use crate::common::{Client, Convene};
use futures_util::future::BoxFuture;
use serde_json::json;
use std::time::Instant;

/// A server under attack, and the one who must not notice.
struct Stage {
    server: Convene,
}

/// The number in the list of attacks, what is tried, with which settings, and how.
struct Row {
    number: u8,
    what: &'static str,
    settings: &'static [(&'static str, &'static str)],
    attack: for<'a> fn(&'a Stage) -> BoxFuture<'a, ()>,
}

/// Requests may come as fast as they can; budgets hold all the same.
const FAST: (&str, &str) = ("LIMITS__TRUSTED_SOURCES", "127.0.0.1");

const ROWS: &[Row] = &[
    Row {
        number: 31,
        what: "guessing the password of one account",
        settings: &[FAST],
        attack: |stage| Box::pin(guessing::one_account(stage)),
    },
    Row {
        number: 31,
        what: "spraying one password over many accounts",
        settings: &[FAST, ("LIMITS__FAILURES_PER_MINUTE", "8")],
        attack: |stage| Box::pin(guessing::many_accounts(stage)),
    },
    Row {
        number: 31,
        what: "guessing one password fifty times at once",
        settings: &[FAST],
        attack: |stage| Box::pin(guessing::many_at_once(stage)),
    },
    Row {
        number: 32,
        what: "guessing a code, a hundred at once",
        settings: &[FAST, ("LIMITS__FAILURES_PER_MINUTE", "10000")],
        attack: |stage| Box::pin(guessing::one_code(stage)),
    },
    Row {
        number: 34,
        what: "finding out who has an account",
        settings: &[
            FAST,
            ("LIMITS__CODES_PER_MINUTE_PER_TARGET", "100"),
            ("LIMITS__CODES_PER_HOUR_PER_TARGET", "100"),
            ("LIMITS__CODES_PER_DAY_PER_TARGET", "1000"),
        ],
        attack: |stage| Box::pin(probing::enumeration(stage)),
    },
    Row {
        number: 35,
        what: "bombing one address with mail",
        settings: &[FAST, ("LIMITS__CODES_PER_MINUTE_PER_TARGET", "100")],
        attack: |stage| Box::pin(flooding::one_address(stage)),
    },
    Row {
        number: 35,
        what: "three codes a minute to one number",
        settings: &[FAST],
        attack: |stage| Box::pin(flooding::one_number(stage)),
    },
    Row {
        number: 35,
        what: "pumping codes from one source",
        settings: &[("LIMITS__CODES_PER_HOUR", "4"), ("LIMITS__REQUESTS_BURST", "1000")],
        attack: |stage| Box::pin(flooding::one_source(stage)),
    },
    Row {
        number: 37,
        what: "using a reset link twice, at once, late, and of another",
        settings: &[FAST],
        attack: |stage| Box::pin(probing::reset_links(stage)),
    },
    Row {
        number: 40,
        what: "breaking out of a mail's lines",
        settings: &[FAST],
        attack: |stage| Box::pin(writing::mail_headers(stage)),
    },
    Row {
        number: 41,
        what: "passwords that are long, odd or cut",
        settings: &[FAST],
        attack: |stage| Box::pin(writing::passwords(stage)),
    },
    Row {
        number: 42,
        what: "two hundred sign-ins at once",
        settings: &[FAST, ("LIMITS__FAILURES_PER_MINUTE", "10000")],
        attack: |stage| Box::pin(flooding::sign_ins(stage)),
    },
    Row {
        number: 46,
        what: "promoting oneself",
        settings: &[FAST],
        attack: |stage| Box::pin(writing::promotion(stage)),
    },
    Row {
        number: 51,
        what: "reading secrets out of what members are told",
        settings: &[FAST],
        attack: |stage| Box::pin(probing::what_members_hear(stage)),
    },
    Row {
        number: 52,
        what: "a foreign page's socket with our cookie",
        settings: &[FAST, ("HTTP__ALLOWED_ORIGINS", "https://ok.example")],
        attack: |stage| Box::pin(probing::foreign_sockets(stage)),
    },
];

#[tokio::test]
async fn each_attack_gets_its_answer_and_nobody_else_notices() {
    for Row { number, what, settings, attack } in ROWS {
        eprintln!("row {number}: {what}");
        let stage = Stage { server: Convene::start_with(settings).await };
        let (ben, mut chat) = stage.bystander().await;
        attack(&stage).await;
        let before = Instant::now();
        chat.says("still here").await;
        eprintln!("row {number} held; an echo took {} ms", before.elapsed().as_millis());
        assert!(ben.is_in().await, "row {number}: {what}: the bystander is signed out");
        drop(chat);
        stage.server.stop().await;
    }
    eprintln!("attacks={} held={}", ROWS.len(), ROWS.len());
}

impl Stage {
    /// Somebody signed in, in a meeting of his own.
    async fn bystander(&self) -> (Person<'_>, Client) {
        let ben = signs_up(&self.server, "Ben").await;
        let room = ben.makes_room().await;
        let mut chat = self.server.client("Ben").await;
        chat.joins(room.rsplit('/').next().expect("a code")).await;
        chat.asks(json!({"type": "typing", "on": false})).await;
        (ben, chat)
    }

    fn hashes(&self) -> u64 {
        self.server.metrics.password_hashes.get()
    }
}
