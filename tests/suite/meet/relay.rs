//! The relay's rules between Meet pages, each as a dialogue.
use super::page::member;
use super::wire::Wire;
use crate::common::Convene;
use tokio_tungstenite::tungstenite::Message;

const LIFTED: &[(&str, &str)] = &[("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")];

/// A room that was started on this face.
async fn room(server: &Convene) -> String {
    member(server, "Owner").await.starts().await
}

#[tokio::test]
async fn m_w1_membership_begins_with_the_first_frame_and_exactly_one_offer_is_heard() {
    let server = Convene::start().await;
    let room = room(&server).await;
    let mut ana = Wire::opens(&server, "ana").await;
    let mut bob = Wire::opens(&server, "bob").await; // open, but no member yet
    ana.sits(&server, &room, 1).await; // reaches nobody, and is kept for nobody
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    let answer = ana.answers(&room).await;
    bob.hears_exactly(&answer).await; // the first thing that bob hears: no offer, no echo
    server.stop().await;
}

#[tokio::test]
async fn m_w2_frames_pass_byte_for_byte_and_never_come_back() {
    let server = Convene::start().await;
    let room = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    ana.sits(&server, &room, 1).await;
    let odd = format!(
        "{{ \"offer\" : {{\"sdp\":\"v=0\\r\\n\\u00e9😀\",\"type\":\"offer\" , \"x\":1.0}},\n\t\"type\":\"offer\",\"extra\":[1e3,null],\"room_id\":\"{room}\"}}"
    );
    bob.says(&odd).await;
    ana.hears_exactly(&odd).await;
    let candidate = format!(
        "{{\"room_id\":\"{room}\",\"type\":\"candidate\",\"candidate\":{{\"candidate\":\"candidate:1 1 udp 1 192.0.2.1 9 typ host\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"usernameFragment\":\"u\"}}}}"
    );
    bob.says(&candidate).await;
    ana.hears_exactly(&candidate).await;
    let answer = ana.answers(&room).await;
    bob.hears_exactly(&answer).await;
    server.stop().await;
}

#[tokio::test]
async fn m_w4_the_order_of_each_sender_is_kept() {
    let server = Convene::start_with(LIFTED).await;
    let room = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    ana.sits(&server, &room, 1).await;
    let mut said = vec![bob.offers(&room).await];
    for number in 0..300 {
        let candidate = format!(
            "{{\"room_id\":\"{room}\",\"type\":\"candidate\",\"candidate\":{{\"candidate\":\"{number}\"}}}}"
        );
        bob.says(&candidate).await;
        said.push(candidate);
    }
    for text in &said {
        ana.hears_exactly(text).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn m_w6_a_third_waits_and_takes_a_free_place() {
    let server = Convene::start().await;
    let room = room(&server).await;
    let mut ana = Wire::opens(&server, "ana").await;
    let mut bob = Wire::opens(&server, "bob").await;
    ana.sits(&server, &room, 1).await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    let mut carl = Wire::opens(&server, "carl").await;
    carl.sits(&server, &room, 3).await;
    carl.marks(&room, "still nobody").await;
    let answer = ana.answers(&room).await;
    bob.hears_exactly(&answer).await; // nothing of carl's came between
    let mark = bob.marks(&room, "here").await;
    ana.hears_exactly(&mark).await;
    bob.leaves().await;
    // once the place is his, what ana says reaches him; what was said before does not
    let mut heard = None;
    for number in 0.. {
        let mark = ana.marks(&room, &number.to_string()).await;
        let said = carl.marks(&room, &number.to_string()).await;
        if let Ok(text) = tokio::time::timeout(std::time::Duration::from_millis(50), carl.hears()).await {
            heard = Some((mark, said, text));
            break;
        }
    }
    let (_, _, text) = heard.expect("he takes the place");
    assert!(text.contains("\"by\":\"ana\""), "{text}");
    // what carl says from here on is heard, and of before at most what he said while the place was changing hands
    let end = carl.marks(&room, "end").await;
    let mut of_carl = Vec::new();
    while of_carl.last() != Some(&end) {
        of_carl.push(ana.hears().await);
    }
    assert!(of_carl.iter().all(|text| text.contains("\"by\":\"carl\"")), "{of_carl:?}");
    assert!(!of_carl.iter().any(|text| text.contains("still nobody")), "{of_carl:?}");
    server.stop().await;
}

#[tokio::test]
async fn m_w6_a_page_loaded_anew_takes_its_own_place() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let room = page.starts().await;
    let cookie = format!("PHPSESSID={}", page.session.clone().unwrap());
    let mut ana = Wire::opens_with(&server, "ana", &[("cookie", &cookie)]).await;
    ana.sits(&server, &room, 1).await;
    let mut bob = Wire::opens(&server, "bob").await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    let mut carl = Wire::opens(&server, "carl").await;
    carl.sits(&server, &room, 3).await; // he waits, and goes on waiting
    let mut again = Wire::opens_with(&server, "ana again", &[("cookie", &cookie)]).await;
    let offer = again.offers(&room).await;
    assert_eq!(ana.is_closed().await, 4203, "replaced");
    bob.hears_exactly(&offer).await;
    let answer = bob.answers(&room).await;
    again.hears_exactly(&answer).await;
    server.stop().await;
}

#[tokio::test]
async fn m_w7_nothing_is_said_of_who_goes() {
    let server = Convene::start().await;
    let room = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    ana.sits(&server, &room, 1).await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    bob.leaves().await;
    server.until("he is gone", |server| server.metrics.participants.get() == 1).await;
    let mut dora = Wire::opens(&server, "dora").await;
    let offer = dora.offers(&room).await;
    ana.hears_exactly(&offer).await; // the next thing she hears
    server.stop().await;
}

#[tokio::test]
async fn m_w8_limits_end_one_socket_and_no_other() {
    let server = Convene::start().await;
    let room = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    ana.sits(&server, &room, 1).await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    let mut large = Wire::opens(&server, "large").await;
    large
        .says(&format!(
            "{{\"room_id\":\"{room}\",\"type\":\"offer\",\"offer\":\"{}\"}}",
            "x".repeat(64 << 10)
        ))
        .await;
    assert_eq!(large.is_closed().await, 1009);
    let mut binary = Wire::opens(&server, "binary").await;
    binary.sends(Message::binary(offer.clone().into_bytes())).await;
    assert_eq!(binary.is_closed().await, 1003);
    let largest = format!("{{\"room_id\":\"{room}\",\"type\":\"mark\",\"x\":\"{}\"}}", "x".repeat(60_000));
    bob.says(&largest).await;
    ana.hears_exactly(&largest).await;
    server.stop().await;
}

#[tokio::test]
async fn m_w9_the_room_is_fixed_by_the_first_frame_and_unknown_ones_are_ignored() {
    let server = Convene::start().await;
    let mut owner = member(&server, "Owner").await;
    let (one, other) = (owner.starts().await, owner.starts().await);
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    let mut eve = Wire::opens(&server, "eve").await;
    ana.sits(&server, &one, 1).await;
    let offer = bob.offers(&one).await;
    ana.hears_exactly(&offer).await;
    eve.sits(&server, &other, 3).await;
    eve.marks(&one, "into another room").await;
    let mut lost = Wire::opens(&server, "lost").await;
    lost.offers("0123456789abcdef").await;
    lost.marks(&one, "from nowhere").await;
    lost.offers(&one).await;
    let mark = bob.marks(&one, "bob").await;
    ana.hears_exactly(&mark).await; // nothing of eve or lost came before
    let mut fred = Wire::opens(&server, "fred").await;
    let offer = fred.offers(&other).await;
    eve.hears_exactly(&offer).await; // and her own room is hers
    // frames are read one by one, and the close is answered behind them
    lost.leaves().await;
    eve.leaves().await;
    let mark = bob.marks(&one, "after them").await;
    ana.hears_exactly(&mark).await;
    server.stop().await;
}

#[tokio::test]
async fn m_w12_what_comes_too_fast_is_held_back_and_not_lost() {
    let server = Convene::start().await;
    let room = room(&server).await;
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    ana.sits(&server, &room, 1).await;
    let mut said = vec![bob.offers(&room).await];
    for number in 0..110 {
        said.push(bob.marks(&room, &number.to_string()).await); // eighty at once, twenty a second
    }
    for frame in &said {
        ana.hears_exactly(frame).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn m_w5_a_hundred_who_begin_at_once_are_paired_with_one_offer_a_pair() {
    let server = Convene::start_with(LIFTED).await;
    let mut owner = member(&server, "Owner").await;
    for _ in 0..50 {
        let room = owner.starts().await;
        let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
        let (of_ana, of_bob) = tokio::join!(ana.offers(&room), bob.offers(&room));
        // whoever hears an offer answers it; the other hears that answer first of all
        let (mut first, mut second, offer) = tokio::select! {
            heard = ana.hears() => (ana, bob, (heard, of_bob)),
            heard = bob.hears() => (bob, ana, (heard, of_ana)),
        };
        assert_eq!(offer.0, offer.1);
        let answer = first.answers(&room).await;
        second.hears_exactly(&answer).await;
        let mark = second.marks(&room, "end").await;
        first.hears_exactly(&mark).await;
    }
    server.stop().await;
}
