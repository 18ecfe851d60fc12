//! Guessing passwords and codes: a handful of tries, however many try at once, and the owner still comes in.
use super::super::ask::{Answer, Ask, ask};
use super::super::mailbox::{code, wrong};
use super::super::person::{PASSWORD, registers, signs_up};
use super::Stage;
use futures_util::future::join_all;
use serde_json::json;

fn guess<'a>(stage: &'a Stage, login: &str, password: &str) -> Ask<'a> {
    ask(&stage.server, "POST", "/v1/login").json(&json!({"login": login, "password": password}))
}

pub(super) async fn one_account(stage: &Stage) {
    let ana = signs_up(&stage.server, "Ana").await;
    for login in ["ana", "nobody"] {
        let mut texts = Vec::new();
        // a machine that is slow enough sits out the first waits; each is twice as long as the one before
        let wait = loop {
            let before = stage.hashes();
            let answer = guess(stage, login, "wrong password").answer().await;
            if answer.status == 429 {
                assert_eq!(stage.hashes(), before, "no hash is made for who has to wait");
                break answer.json();
            }
            assert_eq!(answer.status, 401, "{}", answer.text);
            texts.push(answer.text);
        };
        assert!((5..=9).contains(&texts.len()), "{login}: {} tries", texts.len());
        assert!(wait["retry_after_ms"].as_i64().unwrap() >= 1, "{login}: {wait}");
        texts.dedup();
        assert_eq!(texts.len(), 1, "{texts:?}");
    }
    // the owner is not shut out: a code signs in, and passwords count anew
    let asked = ask(&stage.server, "POST", "/v1/login/code").json(&json!({"email": ana.email}));
    let flow = asked.gives(202).await.json()["flow"].clone();
    let shown = json!({"flow": flow, "code": code(&stage.server, &ana.email, 1).await});
    ask(&stage.server, "POST", "/v1/login/code/verify").json(&shown).gives(200).await;
    guess(stage, "ana", PASSWORD).gives(200).await;
}

pub(super) async fn many_accounts(stage: &Stage) {
    let before = stage.hashes();
    for name in 0..8 {
        guess(stage, &format!("user{name}"), PASSWORD).is_refused(401, "unauthenticated").await;
    }
    for name in 8..20 {
        guess(stage, &format!("user{name}"), PASSWORD).is_refused(429, "rate_limited").await;
    }
    let link = json!({"token": format!("cvr_{}", "A".repeat(43)), "password": PASSWORD});
    let shown = json!({"flow": "0".repeat(32), "code": "123456"});
    for (path, body) in [("/v1/password/reset", link), ("/v1/login/code/verify", shown)] {
        ask(&stage.server, "POST", path).json(&body).is_refused(429, "rate_limited").await;
    }
    assert_eq!(stage.hashes() - before, 8);
}

pub(super) async fn many_at_once(stage: &Stage) {
    signs_up(&stage.server, "Ana").await;
    let before = stage.hashes();
    let guesses = (0..50).map(|_| guess(stage, "ana", "wrong password").answer());
    let answers: Vec<Answer> = join_all(guesses).await;
    let compared = answers.iter().filter(|answer| answer.status == 401).count();
    assert!((5..=8).contains(&compared), "those who guess at the same time share one budget: {compared}");
    assert!(answers.iter().all(|answer| matches!(answer.status, 401 | 429)));
    assert_eq!(stage.hashes() - before, compared as u64);
}

pub(super) async fn one_code(stage: &Stage) {
    let (flow, email) = registers(&stage.server, "Ana").await;
    let right = code(&stage.server, &email, 0).await;
    let mut guesses = Vec::new();
    let mut next = right.clone();
    for _ in 0..100 {
        next = wrong(&next);
        let shown = json!({"flow": flow, "code": next});
        guesses.push(ask(&stage.server, "POST", "/v1/accounts/verify").json(&shown).answer());
    }
    let answers: Vec<Answer> = join_all(guesses).await;
    let mut texts: Vec<_> = answers.iter().map(|answer| (answer.status, answer.text.clone())).collect();
    let shown = json!({"flow": flow, "code": right});
    let dead = ask(&stage.server, "POST", "/v1/accounts/verify").json(&shown).answer().await;
    texts.push((dead.status, dead.text));
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(texts[0].0, 401);
}
