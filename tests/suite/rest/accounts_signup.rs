//! Signing up over REST: the code makes the account, and nobody learns who has one.
use super::ask::ask;
use super::mailbox::{self, all_is_sent, code, letter, letters, wrong};
use super::person::{PASSWORD, address, registers, signs_up};
use crate::common::Convene;
use serde_json::{Value, json};

const ACCOUNTS: &str = "/v1/accounts";
const VERIFY: &str = "/v1/accounts/verify";

#[tokio::test]
async fn whoever_shows_the_code_has_an_account() {
    let server = Convene::start().await;
    let body = json!({"name": " Ana ", "username": "Ana.B", "email": "Ana@Example.org", "password": PASSWORD, "locale": "de-AT"});
    let asked = ask(&server, "POST", ACCOUNTS).json(&body).gives(202).await.json();
    assert_eq!(asked.as_object().unwrap().len(), 2, "{asked}");
    let flow = asked["flow"].as_str().unwrap();
    let sent = code(&server, "Ana@example.org", 0).await;
    let shown = json!({"flow": flow, "code": sent});
    let answer = ask(&server, "POST", VERIFY).json(&shown).gives(201).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let entered = answer.json();
    let user = &entered["user"];
    assert_eq!(
        (&user["name"], &user["username"], &user["locale"]),
        (&"Ana".into(), &"Ana.B".into(), &"de-AT".into())
    );
    assert_eq!((&user["email"], &user["phone"]), (&"Ana@example.org".into(), &Value::Null));
    assert_eq!((&user["has_password"], &user["is_admin"]), (&true.into(), &false.into()));
    let token = entered["token"].as_str().unwrap();
    assert!(token.starts_with("cvs_") && token.len() == 47);
    let me = ask(&server, "GET", "/v1/me").shows(token).gives(200).await.json();
    assert_eq!(me, *user);
    ask(&server, "POST", VERIFY).json(&shown).is_refused(401, "code_invalid").await;
    server.stop().await;
}

#[tokio::test]
async fn a_phone_number_is_as_good_as_an_address() {
    let server = Convene::start().await;
    let body = json!({"name": "Ben", "phone": "0049 30 901820"});
    let asked = ask(&server, "POST", ACCOUNTS).json(&body).gives(202).await.json();
    let sent = code(&server, "+4930901820", 0).await;
    let shown = json!({"flow": asked["flow"], "code": format!("{} {}", &sent[..3], &sent[3..])});
    let entered = ask(&server, "POST", VERIFY).json(&shown).gives(201).await.json();
    assert_eq!(entered["user"]["phone"], "+4930901820");
    assert_eq!(entered["user"]["has_password"], false);
    server.stop().await;
}

#[tokio::test]
async fn a_known_address_gets_the_same_answer_and_a_mail_that_says_so() {
    let server = Convene::start().await;
    let ana = signs_up(&server, "Ana").await;
    let body = |email: &str| json!({"name": "Eve", "email": email, "password": PASSWORD});
    let known = ask(&server, "POST", ACCOUNTS).json(&body(&ana.email)).gives(202).await;
    let unknown = ask(&server, "POST", ACCOUNTS).json(&body("eve@example.org")).gives(202).await;
    let names = |answer: &Value| answer.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let (told, other) = (known.json(), unknown.json());
    assert_eq!(names(&told), names(&other));
    assert_eq!(known.headers.keys().collect::<Vec<_>>(), unknown.headers.keys().collect::<Vec<_>>());
    let mail = letter(&server, &ana.email, 1).await;
    assert_eq!(mailbox::code_in(&mail), None, "{mail}");
    for guess in 0..6 {
        let shown = json!({"flow": told["flow"], "code": format!("{guess:06}")});
        ask(&server, "POST", VERIFY).json(&shown).is_refused(401, "code_invalid").await;
    }
    assert!(ana.is_in().await);
    server.stop().await;
}

#[tokio::test]
async fn five_tries_in_all_and_a_new_code_takes_the_place_of_the_old() {
    let server = Convene::start().await;
    let (flow, email) = registers(&server, "Ana").await;
    let first = code(&server, &email, 0).await;
    let again = ask(&server, "POST", "/v1/codes/resend").json(&json!({"flow": flow})).gives(202).await.json();
    assert_eq!(again["flow"], flow.as_str());
    let second = code(&server, &email, 1).await;
    let show = |code: &str| ask(&server, "POST", VERIFY).json(&json!({"flow": flow, "code": code}));
    let mut texts = Vec::new();
    if first != second {
        texts.push(show(&first).is_refused(401, "code_invalid").await.to_string());
    }
    while texts.len() < 5 {
        texts.push(show(&wrong(&second)).is_refused(401, "code_invalid").await.to_string());
    }
    texts.push(show(&second).is_refused(401, "code_invalid").await.to_string());
    let unknown = json!({"flow": "0".repeat(32), "code": second});
    texts.push(ask(&server, "POST", VERIFY).json(&unknown).is_refused(401, "code_invalid").await.to_string());
    let resend = ask(&server, "POST", "/v1/codes/resend").json(&json!({"flow": flow}));
    texts.push(resend.is_refused(401, "code_invalid").await.to_string());
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    server.stop().await;
}

#[tokio::test]
async fn of_many_who_show_one_code_at_once_one_wins() {
    let server = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.1")]).await;
    let (flow, email) = registers(&server, "Ana").await;
    let shown = json!({"flow": flow, "code": code(&server, &email, 0).await});
    let tries = (0..20).map(|_| ask(&server, "POST", VERIFY).json(&shown).answer());
    let answers = futures_util::future::join_all(tries).await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(won, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.status == 401));
    server.stop().await;
}

#[tokio::test]
async fn a_username_is_whose_code_comes_first() {
    let server = Convene::start().await;
    let body = |email: &str| json!({"name": "Ana", "username": "ana", "email": email});
    let mut flows = Vec::new();
    for email in ["one@example.org", "two@example.org"] {
        let asked = ask(&server, "POST", ACCOUNTS).json(&body(email)).gives(202).await.json();
        flows.push(json!({"flow": asked["flow"], "code": code(&server, email, 0).await}));
    }
    ask(&server, "POST", VERIFY).json(&flows[1]).gives(201).await;
    ask(&server, "POST", VERIFY).json(&flows[0]).is_refused(409, "name_taken").await;
    let third = json!({"name": "Ana", "username": "ANA", "email": "three@example.org"});
    ask(&server, "POST", ACCOUNTS).json(&third).is_refused(409, "name_taken").await;
    all_is_sent(&server).await;
    assert!(letters(&server, "three@example.org").is_empty());
    server.stop().await;
}

#[tokio::test]
async fn the_right_password_of_an_unconfirmed_sign_up_leads_to_its_code() {
    let server = Convene::start().await;
    let (_, email) = registers(&server, "Ana").await;
    code(&server, &email, 0).await;
    let login = |password: &str| {
        ask(&server, "POST", "/v1/login").json(&json!({"login": email, "password": password}))
    };
    login("not the one at all").is_refused(401, "unauthenticated").await;
    let refused = login(PASSWORD).is_refused(403, "unverified").await;
    let shown = json!({"flow": refused["flow"], "code": code(&server, &email, 1).await});
    ask(&server, "POST", VERIFY).json(&shown).gives(201).await;
    login(PASSWORD).gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let server = Convene::start().await;
    let sign_up = |change: Value| {
        let mut body = json!({"name": "Ana", "email": address("Ana"), "password": PASSWORD});
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        ask(&server, "POST", ACCOUNTS).json(&body)
    };
    for (password, reason) in [("short", "short"), ("password123", "common"), ("ana@example.org", "personal")]
    {
        let refused = sign_up(json!({"password": password})).is_refused(422, "weak_password").await;
        assert_eq!(refused["reason"], reason, "{password}");
    }
    for email in ["ana", "ana@", "@example.org", "ana@example", "ana@@example.org", "a b@example.org", ""] {
        sign_up(json!({"email": email})).is_refused(422, "invalid_email").await;
    }
    for phone in ["12345", "+49", "+1 555", "call me", ""] {
        let body = json!({"name": "Ana", "phone": phone});
        ask(&server, "POST", ACCOUNTS).json(&body).is_refused(422, "invalid_phone").await;
    }
    for (change, field) in [
        (json!({"phone": "+4930901820"}), "phone"),
        (json!({"name": ""}), "name"),
        (json!({"username": "a"}), "username"),
        (json!({"username": "аna"}), "username"),
        (json!({"username": "ana@example.org"}), "username"),
        (json!({"locale": "de\r\nBcc: x"}), "locale"),
        (json!({"is_admin": true}), "is_admin"),
        (json!({"name": null}), "name"),
    ] {
        let refused = sign_up(change.clone()).is_refused(422, "invalid_field").await;
        assert_eq!(refused["field"], field, "{change}");
    }
    let neither = ask(&server, "POST", ACCOUNTS).json(&json!({"name": "Ana"}));
    assert_eq!(neither.is_refused(422, "invalid_field").await["field"], "email");
    server.stop().await;
}
