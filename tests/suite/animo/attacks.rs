//! Attacks on this face, each beside somebody who does nothing wrong and goes on.
use super::page::{Generation, PATH, Page};
use super::person::Person;
use crate::common::Convene;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const ROOM: &str = "abc-defg-hij";
const OTHER: &str = "xyz-defg-hij";

async fn with_rooms() -> Convene {
    let server = Convene::start().await;
    let host = Person::new(&server, "host").await;
    host.makes(&server, ROOM).await;
    host.makes(&server, OTHER).await;
    server
}

/// Nothing of that name has come, and the room goes on.
async fn heard_nothing(page: &mut Page, events: &[&str]) {
    for event in events {
        let heard = page.has_heard(event).await;
        assert!(heard.is_empty(), "{} heard {event}: {heard:?}", page.name);
    }
}

#[tokio::test]
async fn a_signal_reaches_nobody_outside_the_room_nor_a_room_by_its_name() {
    let server = with_rooms().await;
    let mut mallory = Page::enters(&server, Generation::G2, "Mallory", ROOM).await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", OTHER).await;
    let mut bob = Page::enters(&server, Generation::G2, "Bob", ROOM).await;
    let nowhere = Page::opens(&server, Generation::G2, "Nowhere").await;
    let own = mallory.id.clone();
    for to in [&ana.id, &nowhere.id, &own, ROOM, OTHER, "", "AAAAAAAAAAAAAAAA", "null"] {
        mallory.emits("signal", json!([to, "boo"])).await;
    }
    heard_nothing(&mut mallory, &["signal"]).await; // what she said was read before her own fence
    heard_nothing(&mut ana, &["signal"]).await;
    heard_nothing(&mut bob, &["signal"]).await;
    mallory.emits("signal", json!([bob.id, "boo", {"from": ana.id}])).await;
    assert_eq!(
        bob.hears("signal").await,
        [json!(mallory.id), json!("boo")],
        "the sender is the server's word"
    );
    for page in [mallory, ana, bob, nowhere] {
        page.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_nowhere_is_heard_nowhere() {
    let server = with_rooms().await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut mallory = Page::opens(&server, Generation::G2, "Mallory").await;
    for _ in 0..2 {
        mallory.emits("chat-message", json!([{"sender": "Ana (Guest)", "data": "boo", "time": 1}])).await;
        mallory.emits("chat-message", json!(["Ana (Guest)", "boo", 1])).await;
        mallory.emits("toggle-media", json!([{"roomId": ROOM, "peerVideoEnabled": true}])).await;
        mallory.emits("signal", json!([ana.id, "boo"])).await;
        mallory.emits("leave-call", json!([])).await;
        mallory.asks("leave-call", json!([])).await;
    }
    heard_nothing(&mut ana, &["chat-message", "user-media-update", "signal", "user-left"]).await;
    ana.leaves().await;
    mallory.leaves().await;
    server.stop().await;
}

/// Numbers, nulls, lists, objects, operators and 100 kB in each place of each event.
#[tokio::test]
async fn nothing_in_any_place_of_any_event_reaches_anybody() {
    let server = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")]).await;
    Person::new(&server, "host").await.makes(&server, ROOM).await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut mallory = Page::enters(&server, Generation::G2, "Mallory", ROOM).await;
    let long = json!("x".repeat(50_000));
    for odd in [json!(7), json!(-1.5), json!(true), json!([]), json!([[]]), json!({"$ne": ""}), long] {
        for (event, whole) in [
            ("join-call", json!({"roomID": ROOM, "username": "m", "name": "m", "audioEnabled": true})),
            (
                "toggle-media",
                json!({"roomId": ROOM, "peerVideoEnabled": true, "kind": "video", "status": true}),
            ),
            ("chat-message", json!({"sender": "m", "data": "m"})),
        ] {
            assert_ne!(mallory.asks(event, json!([odd])).await, json!({"ok": true}), "{event} {odd}");
            for field in whole.as_object().expect("an object").keys() {
                let mut changed = whole.clone();
                changed[field] = odd.clone();
                let fits = matches!(
                    (field.as_str(), &odd),
                    ("audioEnabled" | "peerVideoEnabled" | "status", Value::Bool(_))
                );
                let answer = mallory.asks(event, json!([changed])).await;
                assert_eq!(answer == json!({"ok": true}), fits, "{event} {field} {odd}");
            }
        }
        assert_ne!(mallory.asks("signal", json!([odd, "boo"])).await, json!({"ok": true}), "{odd}");
    }
    for event in ["nothing", "user-joined", "admitted", "__proto__", "constructor", ""] {
        let answer = mallory.asks(event, json!([{"roomID": ROOM}])).await;
        assert!(answer["error"].is_string(), "{event}");
    }
    heard_nothing(&mut ana, &["chat-message", "signal", "user-left"]).await;
    ana.leaves().await;
    mallory.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn sizes_hold() {
    let server = with_rooms().await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut bob = Page::enters(&server, Generation::G2, "Bob", ROOM).await;
    let text = |bytes: usize| json!([{"sender": "Bob", "data": "x".repeat(bytes), "time": 5}]);
    assert_eq!(bob.asks("chat-message", text(4_096)).await, json!({"ok": true}));
    assert_eq!(ana.hears("chat-message").await[0]["data"].as_str().map(str::len), Some(4_096));
    assert!(bob.asks("chat-message", text(4_097)).await["error"].is_string());
    let offer = |bytes: usize| {
        let sdp = json!({"sdp": {"type": "offer", "sdp": "v".repeat(bytes)}}).to_string();
        json!([ana.id, sdp])
    };
    let (whole, more) = (offer(48 << 10), offer((48 << 10) + 1));
    assert_eq!(bob.asks("signal", whole).await, json!({"ok": true}));
    ana.hears("signal").await;
    assert!(bob.asks("signal", more).await["error"].is_string());
    let candidate = json!({"ice": {"candidate": "c".repeat(3_000)}}).to_string();
    assert!(bob.asks("signal", json!([ana.id, candidate])).await["error"].is_string());
    heard_nothing(&mut ana, &["signal"]).await;
    ana.leaves().await;
    bob.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn who_may_not_speak_is_not_heard_and_whose_camera_is_off_by_the_host_stays_so() {
    let server = Convene::start().await;
    let host = Person::new(&server, "host").await;
    host.makes(&server, ROOM).await;
    let off = json!({"policy": {"chat": false, "video": false}});
    let path = format!("/v1/rooms/{ROOM}");
    crate::rest::ask::ask(&server, "PATCH", &path).shows(&host.token).json(&off).gives(200).await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut mallory = Page::enters(&server, Generation::G2, "Mallory", ROOM).await;
    mallory.tells("boo", 5).await;
    mallory.emits("toggle-media", json!([{"roomId": ROOM, "peerVideoEnabled": true}])).await;
    mallory.emits("toggle-media", json!([{"roomId": ROOM, "peerAudioEnabled": false}])).await;
    let told = ana.hears("user-media-update").await;
    assert_eq!((&told[0]["peerVideoEnabled"], &told[0]["peerAudioEnabled"]), (&json!(false), &json!(false)));
    ana.asks("nothing", json!([])).await;
    assert!(!ana.knows_of("chat-message"));
    ana.leaves().await;
    mallory.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn a_flood_of_chat_is_held_back_and_nobody_is_hurt() {
    let server = with_rooms().await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", OTHER).await;
    let mut mallory = Page::enters(&server, Generation::G2, "Mallory", ROOM).await;
    let mut bob = Page::enters(&server, Generation::G2, "Bob", ROOM).await;
    for number in 0..500 {
        mallory.tells(&format!("{number}"), 5).await;
    }
    ana.says("in another room").await;
    let heard = bob.has_heard("chat-message").await.len();
    assert!((5..100).contains(&heard), "{heard} of 500 passed");
    drop(mallory); // what she sent and nobody has heard yet keeps her there no longer
    bob.hears("user-left").await;
    let in_all = bob.has_heard("chat-message").await.len();
    assert!((heard..100).contains(&in_all), "{in_all} of 500 passed before she was gone");
    for page in [ana, bob] {
        page.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn of_what_comes_too_fast_nothing_is_lost_and_the_order_stays() {
    let server = with_rooms().await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut bob = Page::enters(&server, Generation::G2, "Bob", ROOM).await;
    for number in 0..15 {
        bob.tells(&format!("{number}"), 5).await; // ten at once, five a second
    }
    for number in 0..120 {
        let candidate = json!({"ice": {"candidate": format!("candidate:{number}")}}).to_string();
        bob.emits("signal", json!([ana.id, candidate])).await; // eighty at once between two, twenty a second
    }
    for number in 0..15 {
        assert_eq!(ana.hears("chat-message").await[0]["data"], json!(number.to_string()));
    }
    for number in 0..120 {
        let heard = ana.hears("signal").await;
        assert!(heard[1].as_str().is_some_and(|said| said.contains(&format!("candidate:{number}\""))));
    }
    assert_eq!(bob.asks("chat-message", json!(["Bob", "last", 5])).await, json!({"ok": true}));
    ana.leaves().await;
    bob.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn whoever_asks_what_became_of_an_event_hears_why_it_was_refused() {
    let server = Convene::start().await;
    let host = Person::new(&server, "host").await;
    host.makes(&server, ROOM).await;
    let off = json!({"policy": {"chat": false}});
    let path = format!("/v1/rooms/{ROOM}");
    crate::rest::ask::ask(&server, "PATCH", &path).shows(&host.token).json(&off).gives(200).await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let said = json!([{"sender": "Ana (Guest)", "data": "hello", "time": 5}]);
    assert_eq!(ana.asks("chat-message", said).await, json!({"error": "you may not do this here"}));
    let nobody = json!(["AAAAAAAAAAAAAAAA", "boo"]);
    let answer = ana.asks("signal", nobody).await;
    assert_eq!(answer, json!({"error": "nobody and nothing of that name is here for you"}));
    ana.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn no_page_of_elsewhere_opens_a_socket() {
    let server = Convene::start_with(&[("HTTP__ALLOWED_ORIGINS", "https://old.example")]).await;
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("https://old.example.evil", 403),
        ("https://xold.example", 403),
        ("http://old.example", 403),
        ("https://old.example:8443", 403),
        ("https://old.example", 101),
    ] {
        for path in [PATH.to_owned(), format!("/backend{PATH}")] {
            let mut request = server.url("ws", &path).into_client_request().expect("a URL");
            request.headers_mut().insert("origin", origin.parse().expect("a header"));
            let answered = match connect_async(request).await {
                Ok((_, response)) => response.status().as_u16(),
                Err(Error::Http(response)) => response.status().as_u16(),
                Err(error) => panic!("{origin}: {error}"),
            };
            assert_eq!(answered, status, "{origin} at {path}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn nothing_that_is_heard_tells_a_secret() {
    let server = Convene::start().await;
    let host = Person::new(&server, "host").await;
    host.makes(&server, ROOM).await;
    let mut ana = Page::enters(&server, Generation::G1, "Ana", ROOM).await;
    let mut own = Page::opens_as(&server, &host).await;
    let joined = Value::from(own.joins(ROOM).await).to_string();
    let heard = Value::from(ana.hears("user-joined").await).to_string();
    for secret in [host.token.as_str(), "127.0.0.1", "password", "argon2", "@"] {
        assert!(!joined.contains(secret) && !heard.contains(secret), "{secret}");
    }
    ana.leaves().await;
    own.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn sessions_are_not_opened_without_end() {
    let server =
        Convene::start_with(&[("LIMITS__REQUESTS_BURST", "5"), ("LIMITS__REQUESTS_PER_SECOND", "1")]).await;
    let open = async || {
        let path = "/socket.io/?EIO=4&transport=polling";
        crate::rest::ask::ask(&server, "GET", path).answer().await.status
    };
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(open().await);
    }
    assert_eq!((answers[0], answers.last()), (200, Some(&429)), "{answers:?}");
    server.stop().await;
}
