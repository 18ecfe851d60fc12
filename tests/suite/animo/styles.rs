//! Section 4: each is spoken to as it speaks, in rooms of one generation and of several; and who one is.
use super::page::{Generation, PATH, Page};
use super::person::Person;
use crate::common::Convene;
use serde_json::{Value, json};

const ROOM: &str = "abc-defg-hij";

async fn with_room() -> Convene {
    let server = Convene::start().await;
    Person::new(&server, "host").await.makes(&server, ROOM).await;
    server
}

#[derive(Debug, PartialEq)]
enum Shape {
    Positional,
    Object,
}

fn shape(heard: &[Value]) -> Shape {
    if heard[0].is_object() { Shape::Object } else { Shape::Positional }
}

#[tokio::test]
async fn who_has_said_nothing_hears_what_the_room_has_learnt() {
    let server = with_room().await;
    let mut quiet = Page::enters(&server, Generation::G2, "Quiet", ROOM).await;
    let mut old = Page::enters(&server, Generation::G1, "Old", ROOM).await;
    old.says("one").await;
    assert_eq!(shape(&quiet.hears("chat-message").await), Shape::Positional, "all that is known");
    let mut new = Page::enters(&server, Generation::G2, "New", ROOM).await;
    new.says("two").await;
    let both = [quiet.hears("chat-message").await, quiet.hears("chat-message").await];
    assert_eq!(both.iter().map(|heard| shape(heard)).collect::<Vec<_>>(), [Shape::Positional, Shape::Object]);
    assert_eq!((&both[0][1], &both[1][0]["data"]), (&json!("two"), &json!("two")));
    assert!(both[0][0].is_string(), "never null: that would throw in a page");
    quiet.says("three").await;
    new.says("four").await;
    loop {
        let heard = quiet.hears("chat-message").await;
        assert_eq!(shape(&heard), Shape::Object, "decided for good: {heard:?}");
        if heard[0]["data"] == "four" {
            break;
        }
    }
    assert_eq!(shape(&old.hears("chat-message").await), Shape::Positional);
    for page in [quiet, old, new] {
        page.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_late_joiner_hears_each_message_in_the_shape_it_was_sent_in_once_its_speaker_has_left() {
    let server = with_room().await;
    let ana = Person::new(&server, "ana").await;
    for (generation, expected) in [
        (Generation::G1, Shape::Positional),
        (Generation::G2, Shape::Object),
        (Generation::G0, Shape::Positional),
    ] {
        let room = format!("room-{generation:?}");
        ana.makes(&server, &room).await;
        let quiet = Page::enters(&server, Generation::G2, "Quiet", &room).await;
        let mut speaker = Page::enters(&server, generation, "Speaker", &room).await;
        speaker.says("one").await;
        speaker.leaves().await;
        let mut late = Page::enters(&server, Generation::G2, "Late", &room).await;
        assert_eq!(shape(&late.hears("chat-message").await), expected, "{generation:?}");
        late.asks("nothing", json!([])).await;
        assert!(!late.knows_of("chat-message"), "{generation:?}: once, not in both shapes");
        for page in [quiet, late] {
            page.leaves().await;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn cookie_and_prefix_are_hints_that_the_first_message_may_correct() {
    let server = with_room().await;
    let ana = Person::new(&server, "ana").await;
    let cookie = format!("convene={}", ana.token);
    let backend = format!("/backend{PATH}");
    let hints = [("room-1", PATH, vec![("cookie", cookie.as_str())]), ("room-2", backend.as_str(), vec![])];
    for (room, path, headers) in hints {
        ana.makes(&server, room).await;
        let mut old = Page::enters(&server, Generation::G1, "Old", room).await;
        let mut hinted = Page::opens_at(&server, Generation::G1, "Hinted", path, &headers).await;
        hinted.joins(room).await;
        old.says("one").await;
        assert_eq!(shape(&hinted.hears("chat-message").await), Shape::Object, "{path}");
        hinted.says("two").await;
        old.says("three").await;
        let heard = hinted.hears("chat-message").await;
        assert_eq!((shape(&heard), &heard[1]), (Shape::Positional, &json!("three")), "{path}");
        old.leaves().await;
        hinted.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn the_session_decides_the_username_and_nobody_else_has_it() {
    let server = with_room().await;
    let ana = Person::new(&server, "ana").await;
    Person::new(&server, "eve_guest").await;
    let mut own = Page::opens_as(&server, &ana).await;
    own.name = "anything".into();
    let joined = own.joins(ROOM).await;
    assert_eq!(joined[0]["username"], "ana");
    let mut guest = Page::opens(&server, Generation::G1, "Guest").await;
    for (said, shown) in [
        ("ana", "ana_guest"),
        ("ANA", "ANA_guest"),
        ("zoe", "zoe"),
        ("x_guest", "x_guest"),
        // somebody is called so
        ("eve_guest", "eve_guest_guest"),
        ("Eve_Guest", "Eve_Guest_guest"),
        // as wide letters, in another alphabet, with what shows nothing
        ("ａｎａ", "ａｎａ_guest"),
        ("аna", "аna_guest"),
        ("a\u{200b}n\u{2060}a\u{feff}", "ana_guest"),
        ("eve\u{200d}_guest", "eve_guest_guest"),
        ("\u{200b}", "Ana_guest"),
        ("user-0190a1b2", "user-0190a1b2_guest"),
    ] {
        let join = json!([{"roomID": ROOM, "username": said, "name": "Ana"}]);
        guest.emits("join-call", join).await;
        assert_eq!(guest.hears("user-joined").await[0]["username"], shown, "{said}");
        guest.emits("leave-call", json!([])).await;
        own.hears("user-left").await;
    }
    own.leaves().await;
    guest.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn a_bearer_in_the_handshake_counts_as_a_cookie_does() {
    let server = with_room().await;
    let ana = Person::new(&server, "ana").await;
    for (name, value, username) in [
        ("authorization", format!("Bearer {}", ana.token), "ana"),
        ("authorization", "Bearer null".to_owned(), "Ana_guest"),
        ("cookie", "convene=nonsense".to_owned(), "Ana_guest"),
    ] {
        let mut page = Page::opens_at(&server, Generation::G1, "Ana", PATH, &[(name, &value)]).await;
        assert_eq!(page.joins(ROOM).await[0]["username"], username, "{value}");
        page.leaves().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn logging_out_ends_the_sockets_of_that_session() {
    let server = with_room().await;
    let ana = Person::new(&server, "ana").await;
    let mut page = Page::opens_as(&server, &ana).await;
    page.joins(ROOM).await;
    let mut bystander = Page::enters(&server, Generation::G1, "Bob", ROOM).await;
    ana.asks(&server, "POST", "/users/logout").gives(200).await;
    page.is_ended().await;
    drop(page); // an official client hangs up by itself then
    bystander.hears("user-left").await;
    bystander.leaves().await;
    server.stop().await;
}

#[tokio::test]
async fn newcomers_are_told_of_everybody_where_the_operator_wants_that() {
    let server = Convene::start_with(&[("DIALECTS__ANIMO__SYNTHETIC_JOINS", "true")]).await;
    Person::new(&server, "host").await.makes(&server, ROOM).await;
    for generation in [Generation::G0, Generation::G1] {
        let ana = Page::enters(&server, Generation::G2, "Ana", ROOM).await;
        let mut bob = Page::opens(&server, generation, "Bob").await;
        let own = bob.joins(ROOM).await;
        let of_ana = bob.hears("user-joined").await;
        match generation {
            Generation::G0 => {
                assert_eq!(
                    of_ana,
                    [json!(ana.id), own[1].clone(), json!("Ana_guest"), json!("Ana (Guest)"), own[4].clone()]
                );
            }
            Generation::G1 | Generation::G2 | Generation::G3 => {
                assert_eq!((&of_ana[0]["id"], &of_ana[0]["clients"]), (&json!(ana.id), &own[0]["clients"]));
                assert_eq!(
                    (&of_ana[0]["peerAudioEnabled"], &of_ana[0]["name"]),
                    (&json!(true), &json!("Ana (Guest)"))
                );
            }
        }
        ana.leaves().await;
        bob.leaves().await;
    }
    server.stop().await;
}
