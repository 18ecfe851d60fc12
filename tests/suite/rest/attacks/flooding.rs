//! Floods: of mails to one address, of codes from one source, of sign-ins.
use super::super::ask::{Answer, ask};
use super::super::mailbox::{all_is_sent, letters};
use super::super::person::{PASSWORD, signs_up};
use super::Stage;
use futures_util::future::join_all;
use serde_json::json;

pub(super) async fn one_address(stage: &Stage) {
    let ana = signs_up(&stage.server, "Ana").await;
    let forgot = || ask(&stage.server, "POST", "/v1/password/forgot").json(&json!({"email": ana.email}));
    for _ in 0..4 {
        forgot().gives(202).await; // the fifth, with the code of the sign-up
    }
    let wait = forgot().is_refused(429, "rate_limited").await;
    assert!((3_500_000..=3_600_000).contains(&wait["retry_after_ms"].as_i64().unwrap()), "{wait}");
    let by_code = ask(&stage.server, "POST", "/v1/login/code").json(&json!({"email": ana.email}));
    by_code.is_refused(429, "rate_limited").await;
    let again = json!({"name": "Ana", "email": "ANA@example.org"});
    ask(&stage.server, "POST", "/v1/accounts").json(&again).is_refused(429, "rate_limited").await;
    all_is_sent(&stage.server).await;
    assert_eq!(letters(&stage.server, &ana.email).len(), 5);
}

pub(super) async fn one_number(stage: &Stage) {
    let ask_code = || ask(&stage.server, "POST", "/v1/login/code").json(&json!({"phone": "+49 30 901820"}));
    for _ in 0..3 {
        ask_code().gives(202).await;
    }
    let wait = ask_code().is_refused(429, "rate_limited").await;
    assert!((1..=60_000).contains(&wait["retry_after_ms"].as_i64().unwrap()), "{wait}");
}

pub(super) async fn one_source(stage: &Stage) {
    for name in 0..3 {
        let body = json!({"email": format!("user{name}@example.org")}); // and one for the bystander
        ask(&stage.server, "POST", "/v1/login/code").json(&body).gives(202).await;
    }
    let body = json!({"email": "user9@example.org"});
    for path in ["/v1/login/code", "/v1/password/forgot"] {
        ask(&stage.server, "POST", path).json(&body).is_refused(429, "rate_limited").await;
    }
}

pub(super) async fn sign_ins(stage: &Stage) {
    let before = stage.hashes();
    let tries = (0..200).map(|name| {
        let body = json!({"login": format!("user{name}"), "password": PASSWORD});
        ask(&stage.server, "POST", "/v1/login").json(&body).answer()
    });
    let answers: Vec<Answer> = join_all(tries).await;
    let of = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    let (compared, busy) = (of(401), of(503));
    assert_eq!(compared + busy, 200);
    let places = 64 + std::thread::available_parallelism().map_or(1, usize::from).div_ceil(2);
    eprintln!("of 200 sign-ins {compared} were compared, {busy} heard busy");
    assert!(busy > 0, "{places} places don't hold them all, and what does not fit is told so");
    assert_eq!(stage.hashes() - before, compared as u64, "each answer cost one hash, each refusal none");
    let refused = answers.iter().find(|answer| answer.status == 503);
    assert!(refused.is_some_and(|answer| !answer.header("retry-after").is_empty()), "{refused:?}");
}
