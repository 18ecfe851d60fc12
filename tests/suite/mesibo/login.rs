//! Signing in by mail and by text message.
use super::page::{Written, asks, by_mail, by_phone, is_refused, says, without};
use crate::common::Convene;
use crate::rest::ask::ask;
use crate::rest::mailbox;
use sha1::Digest;

const STEP_1: &str = "{\n    \"op\": \"login\",\n    \"ts\": 0,\n    \"result\": \"OK\"\n}";

#[tokio::test]
async fn s_l1_by_mail_in_two_steps() {
    let server = Convene::start().await;
    let who = [("op", "login"), ("appid", "app"), ("name", "Ana María"), ("email", "Ana@Example.org")];
    let first = asks(&server, "/conf/api.php", Written::Plain, &who).await;
    assert_eq!(without(&first.text, &[]), STEP_1);
    let code = mailbox::code(&server, "ana@example.org", 0).await;
    assert!(!code.starts_with('0'), "{code}");
    let second =
        asks(&server, "/conf/api.php", Written::Query, &[&who[..], &[("code", &code)]].concat()).await;
    let told = second.json();
    let (token, address) = (told["token"].as_str().unwrap(), told["address"].as_str().unwrap());
    let shape = "{\n    \"op\": \"login\",\n    \"ts\": 0,\n    \"token\": \"T\",\n    \"name\": \"Ana María\",\n    \
        \"address\": \"A\",\n    \"uid\": 1,\n    \"result\": \"OK\"\n}";
    assert_eq!(without(&second.text, &[(token, "T"), (address, "A")]), shape);
    assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
    assert!(address.len() == 40 && address.bytes().all(|byte| byte.is_ascii_hexdigit()));
    // not the plain SHA-1 of the address, which anybody could look for
    let plain: String =
        sha1::Sha1::digest(b"ana@example.org").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_ne!(address, plain);
    server.stop().await;
}

#[tokio::test]
async fn s_l1_what_is_missing_is_told_in_order() {
    let server = Convene::start().await;
    let op = ("op", "login");
    for (given, word) in [
        (vec![op], "MISSINGEMAIL"),
        (vec![op, ("appid", ""), ("name", "")], "MISSINGEMAIL"),
        (vec![op, ("email", "a@example.org"), ("appid", ""), ("name", "")], "MISSINGAPPID"),
        (vec![op, ("email", "a@example.org"), ("name", " ")], "MISSINGNAME"),
        (vec![op, ("email", "no address"), ("name", "Ana")], "MISSINGEMAIL"),
        (vec![op, ("email", "a@example.org"), ("code", "123456")], "MISSINGNAME"),
        (vec![op, ("email", "a@example.org"), ("name", "Ana"), ("code", "123456")], "BADCODE"),
    ] {
        is_refused(&server, &given, word).await;
    }
    let oldest = [op, ("email", "b@example.org"), ("name", "Ben")];
    assert_eq!(says(&server, &oldest).await["result"], "OK", "the oldest pages send no appid");
    server.stop().await;
}

#[tokio::test]
async fn s_l2_a_right_code_works_once_and_wrong_ones_run_out() {
    let server = Convene::start().await;
    let who = [("op", "login"), ("name", "Ana"), ("email", "ana@example.org")];
    says(&server, &who).await;
    let code = mailbox::code(&server, "ana@example.org", 0).await;
    let with = |code: &str| {
        let code = code.to_owned();
        let server = &server;
        async move { says(server, &[&who[..], &[("code", code.as_str())]].concat()).await }
    };
    let wrong = mailbox::wrong(&code);
    for _ in 0..4 {
        assert_eq!(with(&wrong).await["error"], "BADCODE");
    }
    assert_eq!(with(&code).await["result"], "OK");
    assert_eq!(with(&code).await["error"], "BADCODE", "once");
    let ben = [("op", "login"), ("name", "Ben"), ("email", "ben@example.org")];
    says(&server, &ben).await;
    let code = mailbox::code(&server, "ben@example.org", 0).await;
    let wrong = mailbox::wrong(&code);
    for shown in [&wrong, &wrong, &wrong, &wrong, &wrong, &code] {
        let answer = says(&server, &[&ben[..], &[("code", shown.as_str())]].concat()).await;
        assert_eq!(answer["error"], "BADCODE", "five tries, then not even the right one");
    }
    server.stop().await;
}

#[tokio::test]
async fn s_h2_a_second_wish_within_a_minute_sends_nothing_and_says_the_same() {
    let server = Convene::start().await;
    let who = [("op", "login"), ("name", "Ana"), ("email", "ana@example.org")];
    for _ in 0..5 {
        let answer = asks(&server, "/api.php", Written::Json, &who).await;
        assert_eq!(without(&answer.text, &[]), STEP_1);
    }
    let code = mailbox::code(&server, "ana@example.org", 0).await;
    mailbox::all_is_sent(&server).await;
    assert_eq!(mailbox::letters(&server, "ana@example.org").len(), 1);
    let entered = says(&server, &[&who[..], &[("otp", &code)]].concat()).await;
    assert_eq!(entered["result"], "OK", "the first code is still good");
    server.stop().await;
}

#[tokio::test]
async fn s_h1_of_many_who_show_the_right_code_at_once_one_is_signed_in() {
    let server = Convene::start().await;
    let who = [("op", "login"), ("name", "Ana"), ("email", "ana@example.org")];
    says(&server, &who).await;
    let code = mailbox::code(&server, "ana@example.org", 0).await;
    let given = [&who[..], &[("code", code.as_str())]].concat();
    let answers = futures_util::future::join_all((0..20).map(|_| says(&server, &given))).await;
    let entered = answers.iter().filter(|answer| answer["result"] == "OK").count();
    assert_eq!(entered, 1, "{answers:?}");
    server.stop().await;
}

#[tokio::test]
async fn s_l3_by_phone_with_every_name_of_its_parameters() {
    let server = Convene::start().await;
    let who = [("op", "login"), ("appid", "test"), ("name", "Ana"), ("phone", "919876543210")];
    let first = asks(&server, "/conf/api.php", Written::Query, &who).await;
    assert_eq!(without(&first.text, &[]), STEP_1);
    let code = mailbox::code(&server, "+919876543210", 0).await;
    // as the document misspells it
    let second = [("op", "login"), ("appid", "test"), ("phonel", "+919876543210"), ("code", code.as_str())];
    let told = asks(&server, "/conf/api.php", Written::Query, &second).await;
    let answer = told.json();
    let keys: Vec<_> = told.text.lines().filter_map(|line| line.strip_prefix("    \"")).collect();
    let keys: Vec<_> = keys.iter().filter_map(|line| line.split('"').next()).collect();
    let wanted = [
        "op",
        "ts",
        "token",
        "name",
        "status",
        "photo",
        "phone",
        "cc",
        "google",
        "invite",
        "share",
        "urls",
        "downloadurl",
        "fileurl",
        "uploadurl",
        "result",
    ];
    assert_eq!(keys, wanted);
    assert_eq!((&answer["phone"], &answer["cc"]), (&"919876543210".into(), &"91".into()));
    assert_eq!((&answer["photo"], &answer["google"]), (&"".into(), &"".into()));
    assert_eq!(answer["urls"]["upload"], server.url("http", "/api.php").as_str());
    assert!(answer["share"]["text"].is_string() && answer["share"]["title"].is_string());
    server.stop().await;
}

#[tokio::test]
async fn s_l3_what_is_wrong_with_a_phone_is_told_as_the_clients_know_it() {
    let server = Convene::start().await;
    let op = ("op", "login");
    is_refused(&server, &[op, ("phone", "919876543210")], "MISSINGAPPID").await;
    for phone in ["91987", "+91 98", "abcdefghijkl", "999999999999999"] {
        let answer = says(&server, &[op, ("appid", "test"), ("phone", phone)]).await;
        assert_eq!((&answer["result"], answer.get("error")), (&"FAIL".into(), None), "{phone}");
    }
    let who = [op, ("appid", "test"), ("phone", "919876543210")];
    let answer = says(&server, &[&who[..], &[("otp", "123456")]].concat()).await;
    assert_eq!((&answer["error"], &answer["errmsg"]), (&"BADCODE".into(), &"Invalid OTP".into()));
    server.stop().await;
}

#[tokio::test]
async fn s_s1_a_token_is_its_users_session_everywhere_until_it_is_given_back() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    let me = ask(&server, "GET", "/v1/me").shows(&ana.token).gives(200).await.json();
    assert_eq!((&me["name"], &me["email"]), (&"Ana".into(), &"ana@example.org".into()));
    let (gid, _, _) = ana.makes("Weekly").await;
    let mine = ask(&server, "GET", "/v1/rooms").shows(&ana.token).gives(200).await.json();
    assert_eq!(mine["rooms"][0]["keys"]["mesibo"].to_string(), gid);
    assert_eq!(ana.gets(&[("op", "logout")]).await["op"], "logout");
    ana.is_refused(&[("op", "rooms")], "AUTHFAIL").await;
    ask(&server, "GET", "/v1/me").shows(&ana.token).is_refused(401, "token_invalid").await;
    server.stop().await;
}

#[tokio::test]
async fn s_s1_a_token_outlives_half_a_year_unused() {
    let server = Convene::start().await;
    let ana = by_mail(&server, "Ana").await;
    let half_a_year = 183_i64 * 24 * 60 * 60 * 1000;
    let sql = format!(
        "UPDATE session SET last_used_at = last_used_at - {half_a_year}, expires_at = expires_at - {half_a_year}"
    );
    crate::meet::tables::run(&server, &sql).await;
    assert_eq!(ana.gets(&[("op", "rooms")]).await["count"], 0);
    crate::meet::tables::run(&server, &sql).await;
    ana.is_refused(&[("op", "rooms")], "AUTHFAIL").await;
    server.stop().await;
}

#[tokio::test]
async fn s_l4_who_signs_in_again_is_the_same_user_with_one_more_token() {
    let server = Convene::start().await;
    let ana = by_phone(&server, "Ana", "919876543210").await;
    crate::meet::tables::run(&server, "DELETE FROM sent").await;
    let who = [("op", "login"), ("appid", "test"), ("phone", "919876543210")];
    says(&server, &who).await;
    let code = mailbox::code(&server, "+919876543210", 1).await;
    let again = says(&server, &[&who[..], &[("code", code.as_str())]].concat()).await;
    assert_eq!((&again["result"], &again["name"]), (&"OK".into(), &ana.answer["name"]));
    assert_eq!(ana.gets(&[("op", "rooms")]).await["count"], 0, "the first token is still good");
    crate::meet::tables::run(&server, r#"UPDATE "user" SET status = 'disabled'"#).await;
    crate::meet::tables::run(&server, "DELETE FROM sent").await;
    says(&server, &who).await;
    let code = mailbox::code(&server, "+919876543210", 2).await;
    is_refused(&server, &[&who[..], &[("code", code.as_str())]].concat(), "BADUSER").await;
    server.stop().await;
}
