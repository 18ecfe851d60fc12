//! Refusals on the socket that no other walk meets: what a frame may not be, and signals that come too late, too early or too many.
use serde_json::{Value, json};

use crate::common::{Client, Convene};

/// Signals that are kept for a seat whose connection is lost.
const KEPT: u64 = 64;

fn signal(kind: &str, to: &str, generation: u64) -> Value {
    match kind {
        "candidate" => json!({"type": kind, "to": to, "gen": generation, "candidate": {"candidate": ""}}),
        _ => json!({"type": kind, "to": to, "gen": generation, "sdp": "v=0", "sources": {}}),
    }
}

#[tokio::test]
async fn a_frame_that_is_none_says_why() {
    let server = Convene::start().await;
    let room = server.plain_room().await;
    let mut ana = server.joins("Ana", &room).await;
    ana.sends_text("nonsense").await;
    let unnumbered = ana.reply_to_nothing().await;
    assert_eq!(unnumbered["code"], "malformed");
    assert_eq!(ana.is_refused(json!({"type": "sing"})).await["code"], "unsupported");
    let refused = ana.is_refused(json!({"type": "chat_send", "client_id": "1"})).await;
    assert_eq!((&refused["code"], &refused["field"]), (&json!("invalid_field"), &json!("text")));
    let long = json!({"type": "chat_send", "client_id": "1", "text": "x".repeat(4_097)});
    let refused = ana.is_refused(long).await;
    assert_eq!((&refused["code"], &refused["limit"]), (&json!("too_large"), &json!(4_096)));
    let absent = json!({"type": "signal", "to": "p_nobody", "body": {}});
    assert_eq!(ana.is_refused(absent).await["code"], "no_such_target");
    ana.says("all is well").await;
    drop(ana);
    server.stop().await;
}

#[tokio::test]
async fn a_locked_room_lets_nobody_new_in_and_an_older_version_changes_nothing() {
    let server = Convene::start().await;
    let room = server.plain_room().await;
    let mut owner = server.client("Ana").await;
    let join = |name: &str| json!({"type": "join", "room": room.code, "profile": {"name": name}});
    let mut enters = join("Ana");
    enters["owner_secret"] = json!(room.owner_secret);
    let version = owner.asks(enters).await["room"]["version"].clone();
    let locked = owner.asks(json!({"type": "lock", "locked": true})).await;
    let late = json!({"type": "room_update", "name": "Monthly", "version": version});
    let refused = owner.is_refused(late).await;
    assert_eq!((&refused["code"], &refused["version"]), (&json!("stale_version"), &locked["version"]));
    let mut bob = server.client("Bob").await;
    assert_eq!(bob.is_refused(join("Bob")).await["code"], "locked");
    drop((owner, bob));
    server.stop().await;
}

#[tokio::test]
async fn signals_know_their_generation_and_who_yields() {
    let server = Convene::start().await;
    let room = server.plain_room().await;
    let (mut ana, mut bob) = (server.joins("Ana", &room).await, server.joins("Bob", &room).await);
    let (to_ana, to_bob) = (ana.peer(), bob.peer());
    ana.asks(signal("offer", &to_bob, 1)).await;
    assert_eq!(bob.is_refused(signal("offer", &to_ana, 1)).await["code"], "glare", "who came later yields");
    bob.asks(signal("answer", &to_ana, 1)).await;
    assert_eq!(ana.hears("answer").await["gen"], 1);
    ana.asks(signal("offer", &to_bob, 2)).await;
    let refused = bob.is_refused(signal("candidate", &to_ana, 1)).await;
    assert_eq!((&refused["code"], &refused["gen"]), (&json!("stale_generation"), &json!(2)));
    bob.asks(signal("answer", &to_ana, 2)).await;
    drop((ana, bob));
    server.stop().await;
}

#[tokio::test]
async fn an_absent_peer_is_kept_so_many_signals_and_then_we_are_busy() {
    let server = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.1")]).await;
    let room = server.plain_room().await;
    let (mut ana, bob) = (server.joins("Ana", &room).await, server.joins("Bob", &room).await);
    let to_bob = bob.peer();
    let seat = bob.vanishes();
    assert_eq!(ana.hears("participant_changed").await["state"], "away");
    ana.asks(signal("offer", &to_bob, 1)).await;
    for _ in 1..KEPT {
        ana.asks(signal("candidate", &to_bob, 1)).await;
    }
    assert_eq!(ana.is_refused(signal("candidate", &to_bob, 1)).await["code"], "busy");

    let mut bob: Client = server.client("Bob").await;
    bob.resumes(&seat).await;
    bob.hears("offer").await;
    for n in 2..=KEPT {
        assert_eq!(bob.hears("candidate").await["n"], n);
    }
    drop((ana, bob));
    server.stop().await;
}
