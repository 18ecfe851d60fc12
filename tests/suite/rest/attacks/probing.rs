//! Probing: who has an account, what links and sockets give away.
use super::super::ask::{Answer, ask, raw};
use super::super::mailbox::reset_token;
use super::super::person::{PASSWORD, signs_up};
use super::Stage;
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::time::{Duration, Instant};

/// Pairs that are timed for each question.
const PAIRS: usize = 10;

/// What is asked about somebody.
type Body = fn(&str) -> Value;

pub(super) async fn enumeration(stage: &Stage) {
    signs_up(&stage.server, "Ana").await;
    let questions: [(&str, Body, u64); 4] = [
        ("/v1/login", |who| json!({"login": who, "password": "wrong password"}), 1),
        ("/v1/accounts", |who| json!({"name": "Eve", "email": who, "password": PASSWORD}), 1),
        ("/v1/login/code", |who| json!({"email": who}), 0),
        ("/v1/password/forgot", |who| json!({"email": who}), 0),
    ];
    for (path, body, hashes) in questions {
        let mut times = [Vec::new(), Vec::new()];
        let rounds = if path == "/v1/login" { 4 } else { PAIRS };
        for round in 0..rounds {
            let stranger = format!("stranger{round}@example.org");
            let known = timed(stage, path, &body("ana@example.org"), hashes).await;
            let unknown = timed(stage, path, &body(&stranger), hashes).await;
            assert_eq!(known.0.status, unknown.0.status, "{path}");
            assert_eq!(names(&known.0), names(&unknown.0), "{path}");
            let headers = |answer: &Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
            assert_eq!(headers(&known.0), headers(&unknown.0), "{path}");
            times[0].push(known.1);
            times[1].push(unknown.1);
        }
        let (share, z) = slower(&times[0], &times[1]);
        let [known, unknown] = times.map(spread);
        eprintln!(
            "{path}: known {known}, unknown {unknown}; known is slower in {share:.2} of pairs, z {z:.1}"
        );
    }
}

/// An answer, how long it took, and that it cost so many hashes.
async fn timed(stage: &Stage, path: &str, body: &Value, hashes: u64) -> (Answer, Duration) {
    let (before, began) = (stage.hashes(), Instant::now());
    let answer = ask(&stage.server, "POST", path).json(body).answer().await;
    let took = began.elapsed();
    assert_eq!(stage.hashes() - before, hashes, "{path} {}", answer.text);
    (answer, took)
}

fn names(answer: &Answer) -> Vec<String> {
    answer.json().as_object().expect("an object").keys().cloned().collect()
}

/// Mann–Whitney: in which share of all pairs the first is slower (0.5: nothing is told), and how many deviations that is from
/// chance. It is printed, not asserted: a busy machine shifts it, and what the work costs is asserted by the hashes made.
fn slower(first: &[Duration], second: &[Duration]) -> (f64, f64) {
    let pairs = first.iter().flat_map(|one| second.iter().map(move |other| one.cmp(other)));
    let wins: f64 = pairs
        .map(|order| match order {
            Ordering::Greater => 1.0,
            Ordering::Equal => 0.5,
            Ordering::Less => 0.0,
        })
        .sum();
    let (n, m) = (first.len() as f64, second.len() as f64);
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    (wins / (n * m), (wins - n * m / 2.0) / deviation)
}

#[test]
fn whoever_is_always_slower_stands_out() {
    let times = |from: u64| (from..from + 10).map(Duration::from_millis).collect::<Vec<_>>();
    let (share, z) = slower(&times(20), &times(0));
    assert!(share == 1.0 && z > 3.0, "{share} {z}");
    let (share, z) = slower(&times(0), &times(0));
    assert!(share == 0.5 && z == 0.0, "{share} {z}");
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let ms = |time: &Duration| format!("{:.1}", time.as_secs_f64() * 1_000.0);
    let median = &times[times.len() / 2];
    format!("min {} median {} max {} ms", ms(&times[0]), ms(median), ms(&times[times.len() - 1]))
}

pub(super) async fn reset_links(stage: &Stage) {
    let ana = signs_up(&stage.server, "Ana").await;
    let forgot = || ask(&stage.server, "POST", "/v1/password/forgot").json(&json!({"email": ana.email}));
    let reset = |token: &str| {
        let body = json!({"token": token, "password": "eleven loud walruses"});
        ask(&stage.server, "POST", "/v1/password/reset").json(&body)
    };
    forgot().gives(202).await;
    let first = reset_token(&stage.server, &ana.email, 1).await;
    forgot().gives(202).await;
    let second = reset_token(&stage.server, &ana.email, 2).await;
    let answers: Vec<Answer> = join_all((0..10).map(|_| reset(&second).answer())).await;
    let won = answers.iter().filter(|answer| answer.status == 204).count();
    let lost = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!((won, lost), (1, 9));
    reset(&first).is_refused(401, "token_invalid").await; // the use of one voids the others
    assert!(!ana.is_in().await);
    for wrong in ["", "cvr_", &second[..46], &second.replace("cvr_", "cvs_")] {
        reset(wrong).is_refused(401, "token_invalid").await;
    }

    let back = signs_up(&stage.server, "Cleo").await;
    ask(&stage.server, "POST", "/v1/password/forgot").json(&json!({"email": back.email})).gives(202).await;
    let late = reset_token(&stage.server, &back.email, 1).await;
    let connection =
        sea_orm::Database::connect(stage.server.database_url()).await.expect("the database opens");
    connection.execute_unprepared("UPDATE reset SET expires_at = 1").await.expect("it is changed");
    connection.close().await.expect("it closes");
    reset(&late).is_refused(401, "token_invalid").await;
    assert!(back.is_in().await);
}

pub(super) async fn what_members_hear(stage: &Stage) {
    let ana = signs_up(&stage.server, "Ana").await;
    let room = ana.makes_room().await;
    let pins = ana.gets(&room).await["pins"].clone();
    let code = room.rsplit('/').next().expect("a code").to_owned();
    let mut eve = stage.server.client("Eve").await;
    let mut heard = vec![eve.joins(&code).await];
    ana.asks("PATCH", &room).json(&json!({"name": "Ours", "max_video": 2})).gives(200).await;
    heard.push(eve.hears("room_changed").await);
    let mut guest = stage.server.client("Gus").await;
    guest.joins(&code).await;
    heard.push(eve.hears("participant_joined").await);
    let peer = heard[2]["participant"]["peer"].as_str().expect("a peer").to_owned();
    let person = format!("{room}/participants/{peer}");
    ana.asks("PATCH", &person).json(&json!({"role": "viewer"})).gives(200).await;
    heard.push(eve.hears("role_changed").await);
    ana.asks("DELETE", &person).gives(204).await;
    heard.push(eve.hears("participant_left").await);
    let text = heard.iter().map(Value::to_string).collect::<String>();
    let secrets = [&ana.email, &ana.token, &ana.session, "$argon2", "127.0.0.1", "cvs_", "owner_secret"];
    for secret in
        secrets.into_iter().chain(pins.as_object().expect("PINs").values().filter_map(Value::as_str))
    {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    drop((eve, guest));
}

pub(super) async fn foreign_sockets(stage: &Stage) {
    signs_up(&stage.server, "Ana").await;
    let body = json!({"login": "ana", "password": PASSWORD, "session": "cookie"});
    let answer = ask(&stage.server, "POST", "/v1/login").json(&body).gives(200).await;
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let host = stage.server.url("http", "").replace("http://", "");
    let open = async |origin: &str| {
        let head = format!(
            "GET /v1/connect HTTP/1.1\r\nhost: {host}\r\nconnection: close, upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\ncookie: {cookie}\r\n\
             origin: {origin}\r\n\r\n"
        );
        raw(&stage.server, head.as_bytes()).await
    };
    for origin in [
        "https://evil.example",
        "null",
        "https://ok.example.evil",
        "https://evil-ok.example",
        "http://ok.example",
        "https://ok.example:444",
    ] {
        let answer = open(origin).await;
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("bad_origin"), "{origin}: {answer}");
    }
}
