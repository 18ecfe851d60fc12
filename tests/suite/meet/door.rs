//! Who may use the relay: cookies, origins, ports, ages of rooms.
use super::page::{Page, member};
use super::tables;
use super::wire::Wire;
use crate::common::Convene;
use serde_json::json;

fn cookie(page: &Page<'_>) -> String {
    format!("PHPSESSID={}", page.session.clone().expect("signed in"))
}

#[tokio::test]
async fn m_s1_a_strict_relay_takes_sessions_only() {
    let server = Convene::start_with(&[("DIALECTS__MEET__REQUIRE_SESSION", "true")]).await;
    let mut page = member(&server, "Ana").await;
    let room = page.starts().await;
    let mut guest = Wire::opens(&server, "guest").await;
    guest.offers(&room).await;
    assert_eq!(guest.is_closed().await, 1008);
    let mut forged =
        Wire::opens_with(&server, "forged", &[("cookie", "PHPSESSID=ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")])
            .await;
    forged.offers(&room).await;
    assert_eq!(forged.is_closed().await, 1008);
    let mut ana = Wire::opens_with(&server, "ana", &[("cookie", &cookie(&page))]).await;
    ana.sits(&server, &room, 1).await;
    let bob = member(&server, "Bob").await;
    let mut bob = Wire::opens_with(&server, "bob", &[("cookie", &cookie(&bob))]).await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    server.stop().await;
}

#[tokio::test]
async fn m_s1_without_a_session_only_young_rooms_open() {
    let server = Convene::start_with(&[("DIALECTS__MEET__OPEN_HOURS", "2")]).await;
    let mut page = member(&server, "Ana").await;
    let (old, young) = (page.starts().await, page.starts().await);
    tables::run(&server, &format!(r#"UPDATE room SET created_at = created_at - 7200001 WHERE id = (SELECT room_id FROM room_key WHERE "key" = '{old}')"#)).await;
    for (room, opens) in [(&young, true), (&old, false)] {
        let mut ana = Wire::opens_with(&server, "ana", &[("cookie", &cookie(&page))]).await;
        ana.sits(&server, room, 1).await;
        let mut guest = Wire::opens(&server, "guest").await;
        let of_guest = if opens { guest.sits(&server, room, 2).await } else { guest.offers(room).await };
        let bob = member(&server, if opens { "Bob" } else { "Carl" }).await;
        let mut bob = Wire::opens_with(&server, "bob", &[("cookie", &cookie(&bob))]).await;
        let of_bob = bob.offers(room).await;
        ana.hears_exactly(if opens { &of_guest } else { &of_bob }).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn m_s2_foreign_pages_are_refused_with_our_cookie_before_the_upgrade_without_it_at_the_first_frame() {
    let server = Convene::start_with(&[("HTTP__ALLOWED_ORIGINS", "https://ok.example")]).await;
    let mut page = member(&server, "Ana").await;
    let room = page.starts().await;
    let (cookie, host) = (cookie(&page), server.url("http", ""));
    let other_port = host.rsplit_once(':').unwrap().0.to_owned() + ":1";
    let https = host.replace("http://", "https://");
    for origin in [
        "https://evil.example",
        "null",
        "https://ok.example.evil",
        "https://evil-ok.example",
        "http://ok.example",
        "https://ok.example:444",
        &other_port,
        &https,
    ] {
        let refused =
            Wire::tries(&server.url("ws", "/any/path"), "eve", &[("origin", origin), ("cookie", &cookie)])
                .await;
        assert_eq!(refused.err(), Some(403), "{origin}");
        let mut eve = Wire::opens_with(&server, "eve", &[("origin", origin)]).await;
        eve.offers(&room).await;
        assert_eq!(eve.is_closed().await, 1008, "{origin}");
    }
    let mut ana = Wire::opens_with(&server, "ana", &[("origin", &host), ("cookie", &cookie)]).await;
    ana.sits(&server, &room, 1).await;
    let mut bob = Wire::opens_with(&server, "bob", &[("origin", "https://ok.example")]).await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    server.stop().await;
}

#[tokio::test]
async fn m_w10_a_port_of_its_own_takes_pages_of_the_same_host_name() {
    let server = Convene::start_with(&[("DIALECTS__MEET__BIND", "127.0.0.1:0")]).await;
    let mut page = member(&server, "Ana").await;
    let room = page.starts().await;
    let (beside, cookie) = (server.beside().expect("a second port"), cookie(&page));
    let url = format!("ws://{beside}");
    let main = server.url("http", "");
    let mut ana =
        Wire::tries(&url, "ana", &[("origin", &main), ("cookie", &cookie)]).await.expect("its own page");
    ana.sits(&server, &room, 1).await;
    let mut bob = Wire::opens(&server, "bob").await; // by the main port, in the same room
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    let evil = Wire::tries(&url, "eve", &[("origin", "http://evil.example"), ("cookie", &cookie)]).await;
    assert_eq!(evil.err(), Some(403));
    assert_eq!(
        reqwest::get(format!("http://{beside}/v1/rooms")).await.unwrap().status(),
        404,
        "sockets, and nothing else"
    );
    server.stop().await;
}

#[tokio::test]
async fn m_w11_any_path_is_as_good() {
    let server = Convene::start().await;
    let room = member(&server, "Ana").await.starts().await;
    let mut ana = Wire::opens(&server, "ana").await;
    ana.sits(&server, &room, 1).await;
    for path in ["/", "/ws", "/server/websocket.php", "/client/dashboard/call.php?room=x"] {
        let mut bob = Wire::tries(&server.url("ws", path), "bob", &[]).await.expect(path);
        let offer = bob.offers(&room).await;
        ana.hears_exactly(&offer).await;
        bob.leaves().await;
        server.until("he is gone", |server| server.metrics.participants.get() == 1).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn m_s1_the_end_of_a_session_ends_its_socket() {
    let server = Convene::start().await;
    let mut page = member(&server, "Ana").await;
    let room = page.starts().await;
    let mut ana = Wire::opens_with(&server, "ana", &[("cookie", &cookie(&page))]).await;
    ana.sits(&server, &room, 1).await;
    let mut bob = Wire::opens(&server, "bob").await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    page.posts("auth/logout.php", json!({})).await;
    assert_eq!(ana.is_closed().await, 4205);
    server.stop().await;
}

#[tokio::test]
async fn m_p3_switched_off_no_socket_opens() {
    let off = [
        ("DIALECTS__MEET__ENABLED", "false"),
        ("DIALECTS__MEET__BIND", "127.0.0.1:0"),
        ("DIALECTS__HUNDREDMS__ENABLED", "false"), // its sockets are raw ones too
    ];
    let server = Convene::start_with(&off).await;
    assert_eq!(server.beside(), None);
    assert!(Wire::tries(&server.url("ws", "/"), "ana", &[]).await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn m_b3_junk_is_passed_over_and_a_bystander_hears_none_of_it() {
    let server = Convene::start_with(&[("LIMITS__TRUSTED_SOURCES", "127.0.0.0/8")]).await;
    let room = member(&server, "Owner").await.starts().await;
    let (mut ana, mut bob) = (Wire::opens(&server, "ana").await, Wire::opens(&server, "bob").await);
    ana.sits(&server, &room, 1).await;
    let offer = bob.offers(&room).await;
    ana.hears_exactly(&offer).await;
    let deep = format!(
        "{{\"room_id\":\"{room}\",\"type\":\"offer\",\"offer\":{}{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let mut junk: Vec<String> =
        ["", "{", "[]", "null", "7", "\"x\"", "\u{feff}{}", "{\"room_id\":null,\"type\":\"offer\"}"]
            .map(str::to_owned)
            .into();
    for (kind, key) in [("offer", "offer"), ("answer", "answer"), ("candidate", "candidate")] {
        for thing in [
            "null",
            "7",
            "true",
            "\"x\"",
            "[]",
            "{\"type\":7,\"sdp\":{}}",
            "{\"type\":\"offer\"}",
            "{\"sdp\":[\"v=0\"],\"type\":\"offer\"}",
        ] {
            if kind != "candidate" || !thing.starts_with('{') {
                junk.push(format!("{{\"room_id\":\"{room}\",\"type\":\"{kind}\",\"{key}\":{thing}}}"));
            }
        }
    }
    junk.push(deep);
    for text in &junk {
        bob.says(text).await;
    }
    let mark = bob.marks(&room, "after all of it").await;
    ana.hears_exactly(&mark).await;
    let mut stray = Wire::opens(&server, "stray").await;
    for _ in 0..10 {
        stray.says("junk").await;
    }
    assert_eq!(stray.is_closed().await, 1008, "whoever never says anything of a system's");
    server.stop().await;
}
