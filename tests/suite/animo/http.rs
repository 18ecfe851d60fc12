//! The rows of section 1 for users: exact statuses, texts and bodies.
use super::person::{PASSWORD, Person, at, logs_in, message, signs_up};
use crate::common::Convene;
use crate::rest::ask::ask;
use serde_json::json;

#[tokio::test]
async fn the_root_is_home_to_whoever_is_no_browser() {
    let server = Convene::start().await;
    let home = ask(&server, "GET", "/").gives(200).await;
    assert_eq!(home.text, "I am home");
    let page = ask(&server, "GET", "/").with("accept", "text/html,*/*;q=0.8").gives(200).await;
    assert!(page.text.starts_with("<!doctype html>"), "{}", &page.text[..40]);
    server.stop().await;
}

#[tokio::test]
async fn signing_up_takes_a_name_a_username_and_any_password() {
    let server = Convene::start().await;
    let wish = json!({"name": "Ana B", "username": "Ana", "password": "x"});
    for base in ["/api/v1", "/backend/api/v1"] {
        let wish = json!({"name": "Ana B", "username": format!("Ana{}", base.len()), "password": "x"});
        let made = ask(&server, "POST", &format!("{base}/users/signup")).json(&wish).gives(201).await;
        assert_eq!(
            made.json(),
            json!({"message": "User registered successfully", "username": wish["username"], "name": "Ana B"})
        );
    }
    let form = "application/x-www-form-urlencoded";
    at(&server, "POST", "/users/signup").body(form, "name=Ana+B&username=Ana&password=x").gives(201).await;
    let taken = at(&server, "POST", "/users/signup").json(&wish).gives(409).await;
    assert_eq!(message(&taken), "User already exists ! Try a different username");
    let folded = json!({"name": "Ana B", "username": "aNA", "password": "x"});
    at(&server, "POST", "/users/signup").json(&folded).gives(409).await;
    server.stop().await;
}

#[tokio::test]
async fn whatever_lacks_a_text_is_asked_for_it() {
    let server = Convene::start().await;
    let long = "x".repeat(1 << 10);
    for wish in [
        json!({}),
        json!([]),
        json!({"name": "Ana", "username": "ana"}),
        json!({"name": "Ana", "password": "x"}),
        json!({"username": "ana", "password": "x"}),
        json!({"name": "", "username": "ana", "password": "x"}),
        json!({"name": "Ana", "username": {"$ne": ""}, "password": "x"}),
        json!({"name": "Ana", "username": "ana", "password": {"$ne": ""}}),
        json!({"name": 7, "username": "ana", "password": "x"}),
        json!({"name": "Ana", "username": ["ana"], "password": true}),
        json!({"name": null, "username": null, "password": null}),
    ] {
        let refused = at(&server, "POST", "/users/signup").json(&wish).gives(400).await;
        assert_eq!(message(&refused), "Please provide all credentials", "{wish}");
        let refused = at(&server, "POST", "/users/login").json(&wish).answer().await;
        let is_whole = wish["username"].is_string() && wish["password"].is_string();
        assert_eq!(refused.status, if is_whole { 401 } else { 400 }, "{wish}");
    }
    for (field, value) in [
        ("name", long.as_str()),
        ("username", long.as_str()),
        ("password", long.as_str()),
        ("name", "a\u{0}b"),
        ("username", "a b"),
        ("username", "éèà"),
    ] {
        let mut wish = json!({"name": "Ana", "username": "ana", "password": "x"});
        wish[field] = value.into();
        let refused = at(&server, "POST", "/users/signup").json(&wish).gives(400).await;
        assert!(message(&refused).is_string(), "{field}");
    }
    for (media, body, status) in [
        ("application/json", "{".to_owned(), 400),
        ("application/json", format!("\"{}\"", "x".repeat(41 << 10)), 413),
        ("text/plain", r#"{"username":"ana","password":"x"}"#.to_owned(), 400),
        ("application/x-www-form-urlencoded", "username[$ne]=&password[$ne]=".to_owned(), 400),
    ] {
        let refused = at(&server, "POST", "/users/login").body(media, body).gives(status).await;
        assert!(message(&refused).is_string(), "{media}");
    }
    server.stop().await;
}

#[tokio::test]
async fn logging_in_gives_a_token_of_40_hex_digits_and_a_cookie() {
    let server = Convene::start().await;
    signs_up(&server, "ana").await;
    let shown = json!({"username": "ANA", "password": PASSWORD});
    let entered = at(&server, "POST", "/users/login").json(&shown).gives(200).await;
    let body = entered.json();
    let token = body["token"].as_str().expect("a token");
    assert_eq!(
        body,
        json!({"token": token, "message": "login successful", "username": "ana", "name": "ana N."})
    );
    assert!(token.len() == 40 && token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with(&format!("convene={token}; HttpOnly; SameSite=Lax; Path=/; ")), "{cookie}");
    for (username, password) in
        [("ana", "wrong"), ("nobody", PASSWORD), ("nobody", "wrong"), ("a b\u{1}", "x")]
    {
        let shown = json!({"username": username, "password": password});
        let refused = at(&server, "POST", "/users/login").json(&shown).gives(401).await;
        assert_eq!(refused.json(), json!({"message": "invalid credentials"}), "{username}");
    }
    server.stop().await;
}

#[tokio::test]
async fn several_devices_are_signed_in_at_once_and_one_can_leave() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let tablet = logs_in(&server, "ana").await;
    assert_ne!(tablet, ana.token);
    let left = ana.asks(&server, "POST", "/users/logout").gives(200).await;
    assert!(message(&left).is_string() && left.header("set-cookie").starts_with("convene=; "));
    let gone = ana.asks(&server, "GET", "/users/verify-user").gives(401).await;
    assert_eq!(message(&gone), "Invalid token, login again");
    at(&server, "GET", "/users/verify-user").shows(&tablet).gives(200).await;
    at(&server, "POST", "/users/logout").gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn the_user_is_told_who_it_is() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let known = ana.asks(&server, "GET", "/users/verify-user").gives(200).await.json();
    let time = known["time"].as_u64().expect("whole milliseconds");
    assert!(time > 1_700_000_000_000);
    assert_eq!(
        known,
        json!({"message": "User validated", "name": "ana N.", "username": "ana", "time": time, "token": ana.token})
    );
    server.stop().await;
}

#[tokio::test]
async fn an_account_of_one_page_is_one_of_the_other() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let me = ask(&server, "GET", "/v1/me").shows(&ana.token).gives(200).await.json();
    assert_eq!((&me["username"], &me["email"]), (&"ana".into(), &json!(null)));
    let shown = json!({"login": "ana", "password": PASSWORD, "session": "bearer"});
    let entered = ask(&server, "POST", "/v1/login").json(&shown).gives(200).await.json();
    let native = entered["token"].as_str().expect("a token").to_owned();
    at(&server, "GET", "/users/verify-user").shows(&native).gives(200).await;
    ana.makes(&server, "abc-defg-hij").await;
    let rooms = ask(&server, "GET", "/v1/rooms").shows(&native).gives(200).await.json();
    assert_eq!(rooms["rooms"][0]["code"], "abc-defg-hij", "{rooms}");
    ask(&server, "POST", "/v1/rooms").shows(&native).json(&json!({"name": "Native"})).gives(201).await;
    let codes = ana.asks(&server, "GET", "/meeting/prev-meets/ana").gives(200).await.json();
    assert_eq!(codes.as_array().map(Vec::len), Some(2), "{codes}");
    server.stop().await;
}

#[tokio::test]
async fn what_was_never_written_is_not_there() {
    let server = Convene::start().await;
    for (method, path) in [
        ("POST", "/users/add_to_activity"),
        ("GET", "/users/get_all_activity"),
        ("GET", "/users/login"),
        ("DELETE", "/meeting/check-meet/x"),
        ("GET", "/meeting/nothing"),
    ] {
        let refused = at(&server, method, path).gives(404).await;
        assert_eq!(refused.json(), json!({"message": "Not found"}), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn switched_off_none_of_its_paths_answer() {
    let server = Convene::start_with(&[("DIALECTS__ANIMO__ENABLED", "false")]).await;
    for path in ["/api/v1/users/verify-user", "/api/v1/meeting/check-meet/x", "/backend/api/v1/users/login"] {
        ask(&server, "GET", path).is_refused(404, "not_found").await;
    }
    for path in ["/socket.io/?EIO=4&transport=polling", "/backend/socket.io/?EIO=4&transport=polling"] {
        ask(&server, "GET", path).is_refused(404, "not_found").await;
    }
    server.stop().await;
}
