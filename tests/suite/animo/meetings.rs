//! The rows of section 1 for meetings.
use super::page::Page;
use super::person::{Person, at, message};
use crate::common::{Convene, db};
use crate::rest::ask::ask;
use convene::room::ids::Millis;
use convene::store::{cohosts, rooms, users};
use serde_json::json;

const TAKEN: &str = "A meeting with this code already exists. Try generating new code";

#[tokio::test]
async fn a_meeting_is_made_by_either_of_two_ways() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let made = ana.asks(&server, "GET", "/meeting/check-code/abc-defg-hij").gives(200).await;
    assert_eq!(made.json(), json!({"message": "new meeting created successfully, code: abc-defg-hij"}));
    let again = ana.asks(&server, "GET", "/meeting/check-code/abc-defg-hij").gives(302).await;
    assert_eq!(again.json(), json!({"message": TAKEN}));
    assert!(!again.headers.contains_key("location"), "a client that follows would be lost");
    let other = ana.asks(&server, "POST", "/meeting/create-meet/my.Room_1~").gives(200).await;
    assert_eq!(message(&other), "new meeting created successfully, code: my.Room_1~");
    let again = ana.asks(&server, "POST", "/meeting/create-meet/abc-defg-hij").gives(409).await;
    assert_eq!(again.json(), json!({"message": TAKEN}));
    for (media, body) in [
        ("application/json", "{}".to_owned()),
        (
            "application/json",
            json!({"headers": {"Authorization": format!("Bearer {}", ana.token)}}).to_string(),
        ),
    ] {
        let path = format!("/meeting/create-meet/code-{}", body.len());
        ana.asks(&server, "POST", &path).body(media, body).gives(200).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_code_is_plain_and_looks_like_no_other_systems_key() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let long = "x".repeat(65);
    for code in ["a%20b", "a%2Fb", "%00", "1234567", "0123456789abcdef", &long, "%C3%A9", "$ne", "{}"] {
        let refused = ana.asks(&server, "POST", &format!("/meeting/create-meet/{code}")).gives(400).await;
        assert!(message(&refused).is_string(), "{code}");
        at(&server, "GET", &format!("/meeting/check-meet/{code}")).gives(404).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_code_belongs_to_one_room_of_all_systems() {
    let server = Convene::start().await;
    let ana = Person::new(&server, "ana").await;
    let native = server.plain_room().await;
    ana.asks(&server, "GET", &format!("/meeting/check-code/{}", native.code)).gives(302).await;
    at(&server, "GET", &format!("/meeting/check-meet/{}", native.code)).gives(200).await;
    server.stop().await;
}

#[tokio::test]
async fn who_looks_for_a_meeting_finds_it_and_only_its_host_sees_the_host() {
    let server = Convene::start().await;
    let (ana, bob) = (Person::new(&server, "ana").await, Person::new(&server, "bob").await);
    ana.makes(&server, "abc-defg-hij").await;
    let path = "/meeting/check-meet/abc-defg-hij";
    let found = |host: &str| {
        json!({"message": "Meeting found", "exists": true,
            "meeting": {"meetingCode": "abc-defg-hij", "hostUsername": host, "coHostUsernames": []}})
    };
    assert_eq!(at(&server, "GET", path).gives(200).await.json(), found(""));
    assert_eq!(bob.asks(&server, "GET", path).gives(200).await.json(), found(""));
    assert_eq!(ana.asks(&server, "GET", path).gives(200).await.json(), found("ana"));
    assert_eq!(at(&server, "GET", path).shows("nonsense").gives(200).await.json(), found(""));
    let missing = at(&server, "GET", "/meeting/check-meet/xyz-defg-hij").gives(404).await;
    assert_eq!(missing.json(), json!({"message": "No such meeting found", "exists": false}));
    server.stop().await;
}

#[tokio::test]
async fn previous_meetings_come_in_the_order_they_were_made_and_only_to_their_host() {
    let server = Convene::start().await;
    let (ana, bob) = (Person::new(&server, "ana").await, Person::new(&server, "bob").await);
    let path = format!("/meeting/prev-meets/{}", ana.username);
    assert_eq!(ana.asks(&server, "GET", &path).gives(200).await.json(), json!([]));
    let codes = ["zzz-defg-hij", "abc-defg-hij", "mmm-defg-hij"];
    for code in codes {
        ana.makes(&server, code).await;
    }
    for path in [path.as_str(), "/meeting/prev-meets/Ana"] {
        assert_eq!(ana.asks(&server, "GET", path).gives(200).await.json(), json!(codes), "{path}");
    }
    assert_eq!(bob.asks(&server, "GET", &path).gives(200).await.json(), json!([]), "of somebody else");
    assert_eq!(bob.asks(&server, "GET", "/meeting/prev-meets/nobody").gives(200).await.json(), json!([]));
    let refused = at(&server, "GET", &path).gives(401).await;
    assert_eq!(message(&refused), "no token provided");
    server.stop().await;
}

#[tokio::test]
async fn the_host_alone_learns_that_it_is_the_host() {
    let server = Convene::start().await;
    let (ana, bob) = (Person::new(&server, "ana").await, Person::new(&server, "bob").await);
    ana.makes(&server, "abc-defg-hij").await;
    let path = |who: &str, code: &str| format!("/meeting/check-host?username={who}&meetingCode={code}");
    let yes = ana.asks(&server, "GET", &path("ana", "abc-defg-hij")).gives(200).await;
    assert_eq!(message(&yes), "ana is host of this meeting");
    let yes = ana.asks(&server, "GET", &path("ANA", "abc-defg-hij")).gives(200).await;
    assert_eq!(message(&yes), "ANA is host of this meeting", "usernames have no case");
    let no = "ana is not the host of this meeting";
    assert_eq!(message(&at(&server, "GET", &path("ana", "abc-defg-hij")).gives(403).await), no);
    assert_eq!(message(&bob.asks(&server, "GET", &path("ana", "abc-defg-hij")).gives(403).await), no);
    assert_eq!(message(&ana.asks(&server, "GET", &path("ana", "xyz-defg-hij")).gives(403).await), no);
    let no = bob.asks(&server, "GET", &path("bob", "abc-defg-hij")).gives(403).await;
    assert_eq!(message(&no), "bob is not the host of this meeting");
    for query in
        ["", "?username=ana", "?username=ana&meetingCode[$ne]=", "?username[$gt]=&meetingCode=abc-defg-hij"]
    {
        ana.asks(&server, "GET", &format!("/meeting/check-host{query}")).gives(400).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn an_operator_may_let_everybody_learn_it() {
    let server = Convene::start_with(&[("DIALECTS__ANIMO__OPEN_CHECK_HOST", "true")]).await;
    let ana = Person::new(&server, "ana").await;
    ana.makes(&server, "abc-defg-hij").await;
    let path = |who: &str| format!("/meeting/check-host?username={who}&meetingCode=abc-defg-hij");
    at(&server, "GET", &path("ana")).gives(200).await;
    at(&server, "GET", &path("bob")).gives(403).await;
    server.stop().await;
}

#[tokio::test]
async fn a_stored_cohost_sees_itself_and_enters_as_one() {
    let server = Convene::start_with(&[("ROOMS__RETIRE_SECONDS", "1")]).await;
    let (ana, bob) = (Person::new(&server, "ana").await, Person::new(&server, "bob").await);
    ana.makes(&server, "abc-defg-hij").await;
    let store = db::open(&server.database_url()).await;
    let room = rooms::find_by_key(&store, "abc-defg-hij").await.unwrap().expect("it was made");
    let user = users::by_username(&store, "bob").await.unwrap().expect("he signed up").id;
    for _ in 0..2 {
        cohosts::add(&store, room, user, Millis(1)).await.unwrap();
    }
    let path = "/meeting/check-meet/abc-defg-hij";
    let meeting = bob.asks(&server, "GET", path).gives(200).await.json()["meeting"].clone();
    assert_eq!((&meeting["hostUsername"], &meeting["coHostUsernames"]), (&json!(""), &json!(["bob"])));
    let meeting = at(&server, "GET", path).gives(200).await.json()["meeting"].clone();
    assert_eq!(meeting["coHostUsernames"], json!([]), "nobody else sees it");
    server
        .until_so("the room sleeps, and wakes with its cohosts", async || {
            let mut page = Page::opens_as(&server, &bob).await;
            page.joins("abc-defg-hij").await;
            let seen =
                ask(&server, "GET", "/v1/rooms/abc-defg-hij/participants").shows(&ana.token).gives(200).await;
            page.leaves().await;
            seen.json()["participants"][0]["role"] == "cohost"
        })
        .await;
    cohosts::remove(&store, room, user).await.unwrap();
    let meeting = bob.asks(&server, "GET", path).gives(200).await.json()["meeting"].clone();
    assert_eq!(meeting["coHostUsernames"], json!([]));
    store.close().await.unwrap();
    server.stop().await;
}
