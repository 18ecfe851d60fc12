//! Golden transcripts of section 2: what each generation sends and hears from coming to going.
use super::page::{ALL, Generation, Page};
use super::person::Person;
use crate::common::Convene;
use serde_json::{Value, json};

const ROOM: &str = "abc-defg-hij";

async fn with_room() -> Convene {
    let server = Convene::start().await;
    Person::new(&server, "host").await.makes(&server, ROOM).await;
    server
}

/// A room of one's own for each round: what was said in another is not heard.
async fn new_room(server: &Convene, of: Generation) -> String {
    let code = format!("room-{of:?}");
    Person::new(server, &format!("host-{of:?}")).await.makes(server, &code).await;
    code
}

/// What a generation hears of a newcomer.
fn joined(of: Generation, newcomer: &Page, flags: [bool; 4], people: &[&Page]) -> Vec<Value> {
    let clients: Vec<&str> = people.iter().map(|page| page.id.as_str()).collect();
    let map = |end: &str| -> Value {
        people
            .iter()
            .map(|page| (page.id.clone(), Value::from(format!("{}{end}", page.name))))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let (username, name) = (format!("{}_guest", newcomer.name), format!("{} (Guest)", newcomer.name));
    match of {
        Generation::G0 => {
            vec![json!(newcomer.id), json!(clients), json!(username), json!(name), map(" (Guest)")]
        }
        Generation::G1 | Generation::G2 | Generation::G3 => {
            let [audio, audio_available, video, video_available] = flags;
            vec![json!({
                "id": newcomer.id, "clients": clients, "username": username, "name": name,
                "usernamesMap": map("_guest"), "namesMap": map(" (Guest)"),
                "peerAudioEnabled": audio, "peerAudioAvailable": audio_available,
                "peerVideoEnabled": video, "peerVideoAvailable": video_available,
            })]
        }
    }
}

fn flags(of: Generation) -> [bool; 4] {
    match of {
        Generation::G0 => [false; 4],
        Generation::G1 | Generation::G2 | Generation::G3 => [true, true, false, true],
    }
}

#[tokio::test]
async fn each_generation_hears_who_comes_in_its_own_shape_the_newcomer_too() {
    let server = with_room().await;
    for generation in ALL {
        let mut ana = Page::opens(&server, generation, "Ana").await;
        let own = ana.joins(ROOM).await;
        assert_eq!(own, joined(generation, &ana, flags(generation), &[&ana]), "{generation:?}");
        for second in ALL {
            let mut bob = Page::opens(&server, second, "Bob").await;
            let own = bob.joins(ROOM).await;
            assert_eq!(own, joined(second, &bob, flags(second), &[&ana, &bob]), "{generation:?} {second:?}");
            let heard = ana.hears("user-joined").await;
            assert_eq!(
                heard,
                joined(generation, &bob, flags(second), &[&ana, &bob]),
                "{generation:?} {second:?}"
            );
            let id = bob.id.clone();
            bob.leaves().await;
            assert_eq!(ana.hears("user-left").await, [json!(id), json!("Bob_guest")]);
        }
        ana.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_signal_reaches_the_one_it_is_for_as_it_was_sent() {
    let server = with_room().await;
    for generation in ALL {
        let mut ana = Page::enters(&server, generation, "Ana", ROOM).await;
        let mut bob = Page::enters(&server, generation, "Bob", ROOM).await;
        let mut cleo = Page::enters(&server, generation, "Cleo", ROOM).await;
        for message in [
            json!(r#"{"sdp":{"type":"offer","sdp":"v=0\r\n"}}"#),
            json!(r#"{"ice":{"candidate":"candidate:1 1 udp 1 127.0.0.1 9 typ host","sdpMid":"0"}}"#),
            json!(r#"{"ice":null}"#),
            json!({"sdp": {"type": "answer", "sdp": "v=0"}, "more": [1, "é", null]}),
            json!("not JSON"),
            json!(7),
            json!(null),
        ] {
            ana.emits("signal", json!([bob.id, message])).await;
            assert_eq!(bob.hears("signal").await, [json!(ana.id), message]);
        }
        assert_eq!(cleo.has_heard("signal").await, Vec::<Vec<Value>>::new());
        ana.leaves().await;
        bob.leaves().await;
        cleo.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn flags_are_merged_and_told_to_all_others() {
    let server = with_room().await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut bob = Page::enters(&server, Generation::G1, "Bob", ROOM).await;
    let told = |video: bool, video_available: bool, audio: bool, audio_available: bool, id: &str| {
        [json!({"userId": id, "peerVideoEnabled": video, "peerVideoAvailable": video_available,
                "peerAudioEnabled": audio, "peerAudioAvailable": audio_available})]
    };
    let all = json!([{"roomId": ROOM, "peerVideoEnabled": true, "peerVideoAvailable": true,
                      "peerAudioEnabled": false, "peerAudioAvailable": true}]);
    ana.emits("toggle-media", all).await;
    assert_eq!(bob.hears("user-media-update").await, told(true, true, false, true, &ana.id));
    // the first toggle of two generations says less
    ana.emits("toggle-media", json!([{"roomId": ROOM, "kind": "video", "status": false}])).await;
    assert_eq!(bob.hears("user-media-update").await, told(false, true, false, true, &ana.id));
    ana.emits("toggle-media", json!([{"roomID": ROOM, "kind": "audio", "status": true}])).await;
    assert_eq!(bob.hears("user-media-update").await, told(false, true, true, true, &ana.id));
    let address = format!("https://old.example/{ROOM}");
    ana.emits("toggle-media", json!([{"room": address, "peerVideoAvailable": false}])).await;
    assert_eq!(bob.hears("user-media-update").await, told(false, false, true, true, &ana.id));
    // for another room it is ignored
    ana.emits("toggle-media", json!([{"roomId": "xyz-defg-hij", "peerVideoEnabled": true}])).await;
    assert_eq!(ana.has_heard("user-media-update").await, Vec::<Vec<Value>>::new(), "not to oneself");
    assert_eq!(bob.has_heard("user-media-update").await, Vec::<Vec<Value>>::new());
    ana.leaves().await;
    bob.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn chat_comes_to_everybody_the_sender_too() {
    let server = with_room().await;
    for generation in ALL {
        let room = new_room(&server, generation).await;
        let mut ana = Page::enters(&server, generation, "Ana", &room).await;
        let mut bob = Page::enters(&server, generation, "Bob", &room).await;
        let echo = ana.says("hello").await;
        let (sender, time) = ("Ana (Guest)", 1_750_000_000_123_i64);
        let expected = match generation {
            Generation::G0 | Generation::G1 => {
                vec![json!(sender), json!("hello"), json!(time), json!(ana.id)]
            }
            Generation::G2 | Generation::G3 => {
                vec![json!({"sender": sender, "data": "hello", "time": time, "socketIdSender": ana.id})]
            }
        };
        assert_eq!(echo, expected, "{generation:?}");
        assert_eq!(bob.hears("chat-message").await, expected, "{generation:?}");
        ana.leaves().await;
        bob.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_checked() {
    let server = with_room().await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    for (sender, time, shown) in [
        (json!("Ana"), json!(5), (json!("Ana"), Some(5))),
        (json!("Bob"), json!(5), (json!("Ana (Guest)"), Some(5))),
        (json!(null), json!("never"), (json!("Ana (Guest)"), None)),
        (json!("Ana (Guest)"), json!(-1), (json!("Ana (Guest)"), None)),
        (json!("Ana (Guest)"), json!(1e300), (json!("Ana (Guest)"), None)),
    ] {
        let said = json!([{"sender": sender, "data": "x", "time": time, "socketIdSender": "somebody else"}]);
        ana.emits("chat-message", said).await;
        let heard = ana.hears("chat-message").await;
        assert_eq!((&heard[0]["sender"], &heard[0]["socketIdSender"]), (&shown.0, &json!(ana.id)));
        match shown.1 {
            Some(time) => assert_eq!(heard[0]["time"], time),
            None => assert!(heard[0]["time"].as_i64().expect("a time") > 1_700_000_000_000),
        }
    }
    ana.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn a_late_joiner_alone_hears_what_was_said_after_its_own_joining() {
    let server = with_room().await;
    for generation in ALL {
        let room = new_room(&server, generation).await;
        let mut ana = Page::enters(&server, generation, "Ana", &room).await;
        let mut bob = Page::enters(&server, generation, "Bob", &room).await;
        ana.says("one").await;
        ana.says("two").await;
        bob.says("three").await;
        let mut late = Page::opens(&server, generation, "Late").await;
        late.joins(&room).await;
        let mut texts = Vec::new();
        for _ in 0..3 {
            let heard = late.hears("chat-message").await;
            texts.push(match generation {
                Generation::G0 | Generation::G1 => {
                    assert!(heard.len() == 4 && heard[2].is_i64(), "full shape: {heard:?}");
                    heard[1].clone()
                }
                // its own style is not known yet, but the room's is
                Generation::G2 | Generation::G3 => {
                    assert!(heard.len() == 1 && heard[0]["time"].is_i64(), "full shape: {heard:?}");
                    heard[0]["data"].clone()
                }
            });
        }
        assert_eq!(texts, ["one", "two", "three"], "{generation:?}");
        let once: Vec<_> = bob.has_heard("chat-message").await;
        assert_eq!(once.len(), 2, "{generation:?}: nobody hears the old messages again: {once:?}");
        for page in [ana, bob, late] {
            page.leaves().await;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn leaving_twice_over_is_heard_once() {
    let server = with_room().await;
    let mut ana = Page::enters(&server, Generation::G1, "Ana", ROOM).await;
    let mut bob = Page::enters(&server, Generation::G2, "Bob", ROOM).await;
    let id = bob.id.clone();
    bob.emits("leave-call", json!([])).await;
    bob.emits("leave-call", json!([])).await;
    bob.leaves().await;
    assert_eq!(ana.hears("user-left").await, [json!(id), json!("Bob_guest")]);
    let mut cleo = Page::opens(&server, Generation::G1, "Cleo").await;
    let own = cleo.joins(ROOM).await;
    assert_eq!(own[0]["clients"], json!([ana.id, cleo.id]), "nothing stale is left");
    assert_eq!(own[0]["namesMap"].as_object().map(|map| map.len()), Some(2));
    assert_eq!(ana.has_heard("user-left").await, Vec::<Vec<Value>>::new());
    drop(cleo); // gone without a word
    ana.hears("user-left").await;
    ana.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn an_empty_room_forgets_its_chat_and_stays_a_meeting() {
    let server = with_room().await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    ana.says("for nobody later").await;
    ana.leaves().await;
    let people = async || {
        let mut late = Page::enters(&server, Generation::G2, "Late", ROOM).await;
        let heard = late.has_heard("chat-message").await;
        late.leaves().await;
        heard
    };
    assert_eq!(people().await, Vec::<Vec<Value>>::new());
    server.stop().await;
}

#[tokio::test]
async fn a_second_join_is_none_and_one_elsewhere_is_a_move() {
    let server = with_room().await;
    Person::new(&server, "host2").await.makes(&server, "xyz-defg-hij").await;
    let mut ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
    let mut bob = Page::enters(&server, Generation::G2, "Bob", ROOM).await;
    bob.asks_in(ROOM).await;
    bob.says("still here").await;
    assert_eq!(ana.hears("user-joined").await[0]["id"], json!(bob.id));
    assert_eq!(ana.has_heard("user-joined").await, Vec::<Vec<Value>>::new(), "once is enough");
    let moved = bob.joins("xyz-defg-hij").await;
    assert_eq!(moved[0]["clients"], json!([bob.id]));
    assert_eq!(ana.hears("user-left").await[0], json!(bob.id));
    ana.leaves().await;
    bob.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn where_no_meeting_is_one_is_denied() {
    let server = with_room().await;
    for generation in ALL {
        let mut ana = Page::opens(&server, generation, "Ana").await;
        ana.asks_in("xyz-defg-hij").await;
        assert_eq!(ana.hears("denied").await, Vec::<Value>::new(), "{generation:?}");
        ana.joins(ROOM).await;
        ana.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn nobody_waits_in_a_lobby_unless_a_host_wants_one() {
    let server = with_room().await;
    let mut ana = Page::opens(&server, Generation::G3, "Ana").await;
    ana.joins(ROOM).await;
    assert_eq!(ana.has_heard("admitted").await, Vec::<Vec<Value>>::new(), "in at once, without a word of it");
    ana.leaves().await;
    server.stop().await;
}
