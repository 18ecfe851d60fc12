//! A guest's room against everyone who may ask about it, compared with one table. (Accounts and keys: matrix.rs.)
use super::ask::ask;
use crate::common::Convene;
use convene::http::rest::table::table;
use serde_json::json;

/// Status per caller: nobody, a forged token, the owner, someone seated, another room's owner, someone seated elsewhere.
const EXPECTED: &[(&str, [u16; 6])] = &[
    ("createRoom", [201, 401, 201, 201, 201, 201]),
    ("getRoom", [200, 401, 200, 200, 200, 200]),
    ("listParticipants", [401, 401, 200, 200, 404, 404]),
    ("listMessages", [401, 401, 200, 200, 404, 404]),
    ("listCalls", [401, 401, 200, 200, 404, 404]),
    ("updateRoom", [401, 401, 200, 403, 404, 404]),
    ("rotatePins", [401, 401, 200, 403, 404, 404]),
    ("createRoomToken", [401, 401, 201, 404, 404, 404]),
    ("endRoomTokens", [401, 401, 204, 404, 404, 404]),
    ("changeParticipant", [401, 401, 200, 403, 404, 404]),
    ("removeParticipant", [401, 401, 204, 403, 404, 404]),
    ("endRoom", [401, 401, 204, 403, 404, 404]),
];

fn body_of(operation: &str) -> serde_json::Value {
    match operation {
        "updateRoom" => json!({"name": "Renamed"}),
        "rotatePins" => json!({"pin": true, "spin": true}),
        "createRoomToken" => json!({"subject": "student-17"}),
        "changeParticipant" => json!({"revoke": ["chat"]}),
        _ => json!({}), // everything else can be asked without saying more
    }
}

#[tokio::test]
async fn each_caller_gets_what_the_table_says() {
    let server = Convene::start().await;
    let (made, elsewhere) = (server.plain_room().await, server.plain_room().await);
    let ana = server.joins("Ana", &made).await;
    let bob = server.joins("Bob", &made).await;
    let eve = server.joins("Eve", &elsewhere).await;
    let access = |of: &crate::common::Client| of.pass["access"].as_str().unwrap().to_owned();
    let forged = format!("{}A", access(&ana));
    let callers = [
        None,
        Some(forged),
        Some(made.owner_secret.clone()),
        Some(access(&ana)),
        Some(elsewhere.owner_secret.clone()),
        Some(access(&eve)),
    ];
    let routes = table();
    let mut wrong = Vec::new();
    for (operation, statuses) in EXPECTED {
        let route = routes.iter().find(|route| route.operation == *operation).expect("a route of that name");
        let path = route.path.replace("{key}", &made.code).replace("{peer}", &bob.peer());
        // the owner last: what is done can't be done twice
        for caller in [0, 1, 3, 4, 5, 2] {
            let mut asked = ask(&server, route.method.as_str(), &path);
            if route.body.is_some() {
                asked = asked.json(&body_of(operation));
            }
            if let Some(token) = &callers[caller] {
                asked = asked.shows(token);
            }
            let answer = asked.answer().await;
            if answer.status != statuses[caller] {
                wrong.push(format!(
                    "{operation} by {caller}: {} instead of {}: {}",
                    answer.status, statuses[caller], answer.text
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    drop((ana, bob, eve));
    server.stop().await;
}

#[tokio::test]
async fn a_bad_token_is_one_kind_of_bad() {
    let server = Convene::start().await;
    let made = server.plain_room().await;
    let path = format!("/v1/rooms/{}", made.code);
    let (half, other) = (&made.owner_secret[..40], made.owner_secret.replacen("cvo_", "cvx_", 1));
    let mut texts = Vec::new();
    for header in [
        format!("Bearer {half}"),
        format!("Bearer {other}"),
        format!("Bearer {}=", made.owner_secret),
        format!("Bearer cva_{}", "A".repeat(86)),
        "Bearer ".to_owned(),
        "Bearer".to_owned(),
        "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned(),
        format!("Bearer {}", "x".repeat(8000)),
        format!("Basic {}", made.owner_secret),
        made.owner_secret.clone(),
    ] {
        let refused = ask(&server, "GET", &path).with("authorization", &header);
        texts.push(refused.is_refused(401, "token_invalid").await.to_string());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    server.stop().await;
}

#[tokio::test]
async fn absent_and_forbidden_look_the_same() {
    let server = Convene::start().await;
    let (made, elsewhere) = (server.plain_room().await, server.plain_room().await);
    for part in ["participants", "messages", "calls"] {
        let (mut texts, mut to_nobody) = (Vec::new(), Vec::new());
        for code in [made.code.as_str(), "aaa-bbbb-ccc"] {
            let path = format!("/v1/rooms/{code}/{part}");
            let nobody = ask(&server, "GET", &path).is_refused(401, "unauthenticated").await;
            to_nobody.push(nobody.to_string());
            let foreign = ask(&server, "GET", &path).shows(&elsewhere.owner_secret);
            texts.push(foreign.is_refused(404, "no_such_room").await.to_string());
        }
        texts.dedup();
        to_nobody.dedup();
        assert_eq!((texts.len(), to_nobody.len()), (1, 1), "{part}: {texts:?} {to_nobody:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn guests_make_no_rooms_where_they_may_not() {
    let server = Convene::start_with(&[("AUTH__GUESTS_CREATE", "false")]).await;
    ask(&server, "POST", "/v1/rooms").json(&json!({})).is_refused(401, "unauthenticated").await;
    server.stop().await;
}
