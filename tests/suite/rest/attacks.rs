//! Attacks on accounts, one row each with its exact answers; after every row a healthy bystander is served as before.
#[path = "attacks/entering.rs"]
mod entering;
#[path = "attacks/flooding.rs"]
mod flooding;
#[path = "attacks/guessing.rs"]
mod guessing;
#[path = "attacks/probing.rs"]
mod probing;
#[path = "attacks/speaking.rs"]
mod speaking;
#[path = "attacks/writing.rs"]
mod writing;

use super::person::{Person, signs_up};
use super::{accounts_cookies, forms, matrix};
use crate::common::{Client, Convene};
use crate::scenario::forgeries;
use futures_util::future::BoxFuture;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

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

/// How long the bystander waits for what he says himself.
const ECHO: Duration = Duration::from_secs(3);
/// Between two things that he says.
const PACE: Duration = Duration::from_millis(500);

/// Requests may come as fast as they can; budgets hold all the same.
const FAST: (&str, &str) = ("LIMITS__TRUSTED_SOURCES", "127.0.0.1");

/// Sources are told by who passes the request on.
const PROXIED: (&str, &str) = ("HTTP__TRUSTED_PROXIES", "127.0.0.0/8");
/// One other site that may.
const NAMED: (&str, &str) = ("HTTP__ALLOWED_ORIGINS", "https://ok.example");

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
        number: 33,
        what: "guessing a PIN from one address",
        settings: &[PROXIED],
        attack: |stage| Box::pin(entering::pins_by_one_source(stage)),
    },
    Row {
        number: 33,
        what: "guessing a PIN from two hundred addresses",
        settings: &[PROXIED],
        attack: |stage| Box::pin(entering::pins_by_many_sources(stage)),
    },
    Row {
        number: 49,
        what: "finding rooms by their short numbers",
        settings: &[PROXIED],
        attack: |stage| Box::pin(entering::numbers_of_rooms(stage)),
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
        number: 36,
        what: "planting a session, and using one that has ended",
        settings: &[],
        attack: |stage| Box::pin(entering::spent_sessions(stage)),
    },
    Row {
        number: 37,
        what: "using a reset link twice, at once, late, and of another",
        settings: &[FAST],
        attack: |stage| Box::pin(probing::reset_links(stage)),
    },
    Row {
        number: 38,
        what: "forging a room's token",
        settings: &[],
        attack: |stage| Box::pin(forgeries::every_forged_token_is_refused_in_the_same_words(&stage.server)),
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
        number: 50,
        what: "asking everything as everybody",
        settings: &[FAST, ("LIMITS__FAILURES_PER_MINUTE", "10000"), ("LIMITS__FREE_FAILURES", "20")],
        attack: |stage| Box::pin(matrix::every_route_gives_every_caller_what_the_table_says(&stage.server)),
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
        settings: &[FAST, NAMED],
        attack: |stage| Box::pin(probing::foreign_sockets(stage)),
    },
    Row {
        number: 53,
        what: "changing something by another site's page, with our cookie",
        settings: &[NAMED],
        attack: |stage| {
            Box::pin(accounts_cookies::a_change_by_cookie_has_to_come_from_our_own_pages(&stage.server))
        },
    },
    Row {
        number: 53,
        what: "changing something by another site's form",
        settings: &[],
        attack: |stage| Box::pin(accounts_cookies::what_a_form_can_send_is_no_request_of_ours(&stage.server)),
    },
    Row {
        number: 53,
        what: "signing somebody in by another site's page",
        settings: &[],
        attack: |stage| Box::pin(accounts_cookies::nobody_is_signed_in_by_another_sites_page(&stage.server)),
    },
    Row {
        number: 54,
        what: "reading an account from another site's page",
        settings: &[NAMED],
        attack: |stage| {
            Box::pin(accounts_cookies::answers_are_for_named_origins_and_never_for_the_one_that_asks(
                &stage.server,
            ))
        },
    },
    Row {
        number: 54,
        what: "reading any answer from another site's page",
        settings: &[NAMED],
        attack: |stage| Box::pin(forms::only_named_origins_may_read_answers(&stage.server)),
    },
    Row {
        number: 58,
        what: "writing lines into the log",
        settings: &[FAST],
        attack: |stage| Box::pin(speaking::log_lines(stage)),
    },
    Row {
        number: 59,
        what: "saying secrets where they don't belong",
        settings: &[FAST],
        attack: |stage| Box::pin(speaking::secrets_everywhere(stage)),
    },
];

#[tokio::test]
async fn each_attack_gets_its_answer_and_nobody_else_notices() {
    for Row { number, what, settings, attack } in ROWS {
        eprintln!("row {number}: {what}");
        let stage = Stage { server: Convene::start_with(settings).await };
        let (ben, mut chat) = stage.bystander().await;
        let mut longest = Duration::ZERO;
        tokio::select! {
            () = attack(&stage) => {}
            () = talks_on(&mut chat, &mut longest) => unreachable!("he talks on and on"),
        }
        chat.says("still here").await;
        eprintln!("row {number} held; an echo took {} ms at most", longest.as_millis());
        assert!(ben.is_in().await, "row {number}: {what}: the bystander is signed out");
        drop(chat);
        stage.server.stop().await;
    }
    eprintln!("attacks={} held={}", ROWS.len(), ROWS.len());
}

/// Says one thing after another and hears the echo of each in time, until the attack is over.
async fn talks_on(chat: &mut Client, longest: &mut Duration) {
    for number in 0.. {
        let before = Instant::now();
        let echo = timeout(ECHO, chat.says(&number.to_string())).await;
        echo.unwrap_or_else(|_| panic!("the bystander waits for echo {number}"));
        *longest = before.elapsed().max(*longest);
        sleep(PACE).await; // as people do: chat has a rate of its own
    }
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
