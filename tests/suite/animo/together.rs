//! Pages of this system and of ours in one room.
use super::page::{Generation, Page};
use super::person::Person;
use crate::common::Convene;
use serde_json::{Value, json};

const ROOM: &str = "abc-defg-hij";

#[tokio::test]
async fn a_native_page_and_an_old_one_see_hear_and_call_each_other() {
    let server = Convene::start().await;
    Person::new(&server, "host").await.makes(&server, ROOM).await;
    let mut ana = Page::enters(&server, Generation::G1, "Ana", ROOM).await;
    let mut nat = server.client("Nat").await;
    let joined = nat.joins(ROOM).await;
    let shown = &joined["participants"];
    assert_eq!((&shown[0]["peer"], &shown[0]["name"]), (&json!(ana.id), &json!("Ana (Guest)")), "{joined}");
    let of_nat = ana.hears("user-joined").await;
    assert_eq!((&of_nat[0]["name"], &of_nat[0]["username"]), (&json!("Nat"), &json!("Nat_guest")));
    assert_eq!(of_nat[0]["clients"], json!([ana.id, nat.peer()]));

    nat.says("from the new page").await;
    let heard = ana.hears("chat-message").await;
    assert_eq!(
        (&heard[0], &heard[1], &heard[3]),
        (&json!("Nat"), &json!("from the new page"), &json!(nat.peer()))
    );
    assert!(heard[2].is_i64());
    ana.says("from the old one").await;
    let heard = loop {
        let heard = nat.hears("chat_message").await;
        if heard["message"]["text"] == "from the old one" {
            break heard;
        }
    };
    assert_eq!(heard["message"]["name"], "Ana (Guest)");

    // the newcomer offers; each side hears it in its own shape
    let offer = json!({"type": "offer", "to": ana.id, "gen": 1, "sdp": "v=0\r\n", "sources": {}});
    nat.sends(offer).await;
    let heard = ana.hears("signal").await;
    assert_eq!(heard[0], json!(nat.peer()));
    let message: Value = serde_json::from_str(heard[1].as_str().expect("a text")).expect("JSON");
    assert_eq!(message, json!({"sdp": {"type": "offer", "sdp": "v=0\r\n"}}));
    let answer = json!({"sdp": {"type": "answer", "sdp": "v=1\r\n"}}).to_string();
    ana.emits("signal", json!([nat.peer(), answer])).await;
    let heard = nat.hears("answer").await;
    assert_eq!((&heard["from"], &heard["sdp"]), (&json!(ana.id), &json!("v=1\r\n")), "{heard}");
    let candidate =
        json!({"candidate": "candidate:1 1 udp 1 127.0.0.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0});
    ana.emits("signal", json!([nat.peer(), json!({"ice": candidate}).to_string()])).await;
    let heard = nat.hears("candidate").await;
    assert_eq!((&heard["from"], &heard["candidate"]), (&json!(ana.id), &candidate), "{heard}");

    ana.emits("toggle-media", json!([{"roomId": ROOM, "peerVideoEnabled": true}])).await;
    let heard = nat.hears("participant_changed").await;
    assert_eq!((&heard["peer"], &heard["media"]["video"]), (&json!(ana.id), &json!(true)), "{heard}");
    let id = ana.id.clone();
    ana.leaves().await;
    assert_eq!(nat.hears("participant_left").await["peer"], json!(id));
    server.stop().await;
}
