//! An app of this system: what it asks over HTTP, and its sockets.
use crate::common::Convene;
use crate::rest::ask::ask;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_secs(20);

/// Makes a room; the whole room object.
pub(super) async fn makes(server: &Convene, name: &str) -> Value {
    ask(server, "POST", "/rooms").json(&json!({"roomName": name})).gives(201).await.json()
}

/// Makes a room; its id.
pub(super) async fn room(server: &Convene) -> String {
    makes(server, "My Room").await["id"].as_str().expect("an id").to_owned()
}

pub(super) async fn token(server: &Convene, room: &str, wish: Value) -> String {
    let answer = ask(server, "POST", &format!("/rooms/{room}/token")).json(&wish).gives(200).await;
    answer.json()["token"].as_str().expect("a token").to_owned()
}

/// What a token says, read as 100ms' own clients read it: by plain base64.
pub(super) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&STANDARD_NO_PAD.decode(payload).expect("plain base64")).expect("JSON")
}

/// How many the list says are in that room; `None` if it isn't listed.
pub(super) async fn count(server: &Convene, room: &str) -> Option<u64> {
    let list = ask(server, "GET", "/rooms").gives(200).await.json();
    let rooms = list["rooms"].as_array().expect("a list");
    rooms
        .iter()
        .find(|listed| listed["roomId"] == room)
        .map(|listed| listed["participantCount"].as_u64().unwrap())
}

pub(super) fn update(room: &str, user: &str, action: &str) -> Value {
    json!({"event": "update", "data": {"roomId": room, "userId": user, "action": action}})
}

/// A socket of an app.
pub(super) struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Wire {
    pub(super) async fn opens(server: &Convene) -> Self {
        Self::opens_at(server, "/", &[]).await
    }

    pub(super) async fn opens_at(server: &Convene, path: &str, headers: &[(&'static str, &str)]) -> Self {
        let mut request = server.url("ws", path).into_client_request().expect("a URL");
        for (header, value) in headers {
            request.headers_mut().insert(*header, value.parse().expect("a header"));
        }
        let opened = timeout(PATIENCE, connect_async(request)).await.expect("in time");
        Self { socket: opened.expect("it opens").0 }
    }

    pub(super) async fn says(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("the socket takes it");
    }

    pub(super) async fn sends(&mut self, message: Message) {
        self.socket.send(message).await.expect("the socket takes it");
    }

    async fn says_of(&mut self, event: &str, room: &str, user: &str) {
        self.says(&json!({"event": event, "data": {"roomId": room, "userId": user}}).to_string()).await;
    }

    /// Joins, and hears so next of all.
    pub(super) async fn joins(&mut self, room: &str, user: &str) {
        self.says_of("join", room, user).await;
        self.hears(update(room, user, "joined")).await;
    }

    pub(super) async fn joins_with(&mut self, room: &str, user: &str, token: &str) {
        let data = json!({"roomId": room, "userId": user, "token": token});
        self.says(&json!({"event": "join", "data": data}).to_string()).await;
    }

    /// Asks to join, whatever comes of it.
    pub(super) async fn tries(&mut self, room: &str, user: &str) {
        self.says_of("join", room, user).await;
    }

    /// Leaves, and hears so next of all.
    pub(super) async fn leaves(&mut self, room: &str, user: &str) {
        self.says_of("leave", room, user).await;
        self.hears(update(room, user, "left")).await;
    }

    /// The very next frame.
    pub(super) async fn hears(&mut self, frame: Value) {
        assert_eq!(self.hears_any().await, frame);
    }

    pub(super) async fn hears_any(&mut self) -> Value {
        match timeout(PATIENCE, self.next()).await.expect("in vain") {
            Ok(text) => serde_json::from_str(&text).expect("JSON"),
            Err(code) => panic!("closed with {code}"),
        }
    }

    /// The server looks whether it lives, next of all; the library says so with what comes next.
    pub(super) async fn is_pinged(&mut self) {
        let ping = timeout(PATIENCE, self.socket.next()).await.expect("in vain");
        assert!(matches!(ping, Some(Ok(Message::Ping(_)))), "{ping:?}");
    }

    /// Nothing has come by now: a leave of nobody is answered next of all.
    pub(super) async fn has_heard_nothing(&mut self) {
        self.leaves("fence", "nobody").await;
    }

    /// The code with which the server closes, next of all.
    pub(super) async fn is_closed(&mut self) -> u16 {
        match timeout(PATIENCE, self.next()).await.expect("in vain") {
            Err(code) => code,
            Ok(text) => panic!("heard {text}"),
        }
    }

    async fn next(&mut self) -> Result<String, u16> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(close))) => return Err(close.map_or(1005, |close| close.code.into())),
                Some(Ok(_)) => {} // pings are answered by the library
                None | Some(Err(_)) => return Err(1006),
            }
        }
    }
}
