//! A page of Animo Meet on its socket, of one of its generations; its tests read as dialogue.
use super::person::Person;
use crate::common::{Convene, PATIENCE};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How a page writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    /// Everything positional.
    G0,
    /// Joins as objects, chat positional: the document.
    G1,
    /// Everything as objects.
    G2,
    /// Likewise, and the cookie comes along.
    G3,
}

pub(crate) const ALL: [Generation; 4] = [Generation::G0, Generation::G1, Generation::G2, Generation::G3];

pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) id: String,
    generation: Generation,
    room: String,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard: VecDeque<Vec<Value>>,
    acks: u64,
}

/// What a socket gives.
enum Heard {
    Event(Vec<Value>),
    Ack(u64, Value),
    /// The namespace is over.
    Ended,
    Closed,
}

pub(crate) const PATH: &str = "/socket.io/?EIO=4&transport=websocket";

impl Page {
    /// Connected, nowhere yet.
    pub(crate) async fn opens(server: &Convene, generation: Generation, name: &str) -> Self {
        Self::opens_at(server, generation, name, PATH, &[]).await
    }

    /// Somebody signed in, as the last generation shows it.
    pub(crate) async fn opens_as(server: &Convene, person: &Person) -> Self {
        let cookie = format!("convene={}", person.token);
        Self::opens_at(server, Generation::G3, &person.username, PATH, &[("cookie", &cookie)]).await
    }

    pub(crate) async fn opens_at(
        server: &Convene,
        generation: Generation,
        name: &str,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Self {
        let mut request = server.url("ws", path).into_client_request().expect("a URL");
        for (header, value) in headers {
            request.headers_mut().insert(*header, value.parse().expect("a header"));
        }
        let opened = timeout(PATIENCE, connect_async(request)).await.expect("in time");
        let (socket, _) = opened.expect("the socket opens");
        let (name, room, heard) = (name.to_owned(), String::new(), VecDeque::new());
        let mut page = Self { name, id: String::new(), generation, room, socket, heard, acks: 0 };
        assert!(page.packet().await.expect("an open packet").starts_with("0{"));
        page.sends("40").await;
        let connected = page.packet().await.expect("a connect packet");
        let connected: Value = serde_json::from_str(&connected[2..]).expect("40{…}");
        page.id = connected["sid"].as_str().expect("an id").to_owned();
        page
    }

    /// In the room, having heard so.
    pub(crate) async fn enters(server: &Convene, generation: Generation, name: &str, room: &str) -> Self {
        let mut page = Self::opens(server, generation, name).await;
        page.joins(room).await;
        page
    }

    /// Joins in its own shape; gives the arguments of its own `user-joined`.
    pub(crate) async fn joins(&mut self, room: &str) -> Vec<Value> {
        self.asks_in(room).await;
        self.hears("user-joined").await
    }

    pub(crate) async fn asks_in(&mut self, room: &str) {
        room.clone_into(&mut self.room);
        let (username, name) = (format!("{}_guest", self.name), format!("{} (Guest)", self.name));
        let join = match self.generation {
            Generation::G0 => json!(["join-call", format!("https://old.example/{room}"), username, name]),
            Generation::G1 | Generation::G2 | Generation::G3 => json!(["join-call", {
                "roomID": room, "username": username, "name": name, "audioEnabled": true,
                "audioAvailable": true, "videoEnabled": false, "videoAvailable": true,
            }]),
        };
        self.sends(&format!("42{join}")).await;
    }

    /// Says something and hears it, as its page shows it; a fence behind all that was sent to the room before.
    pub(crate) async fn says(&mut self, text: &str) -> Vec<Value> {
        self.tells(text, 1_750_000_000_123_i64).await;
        let is_it =
            |heard: &[Value]| heard[0]["data"] == text || heard.get(1).is_some_and(|data| data == text);
        self.hears_such("chat-message", is_it).await
    }

    pub(crate) async fn tells(&mut self, text: &str, time: impl Into<Value>) {
        let (name, time) = (format!("{} (Guest)", self.name), time.into());
        let arguments = match self.generation {
            Generation::G0 | Generation::G1 => json!([name, text, time]),
            Generation::G2 | Generation::G3 => {
                json!([{"sender": name, "data": text, "time": time, "socketIdSender": self.id}])
            }
        };
        self.emits("chat-message", arguments).await;
    }

    pub(crate) async fn emits(&mut self, event: &str, arguments: Value) {
        let mut packet = vec![Value::from(event)];
        packet.extend(arguments.as_array().expect("arguments").iter().cloned());
        self.sends(&format!("42{}", Value::from(packet))).await;
    }

    /// The same, waiting for what became of it.
    pub(crate) async fn asks(&mut self, event: &str, arguments: Value) -> Value {
        self.acks += 1;
        let id = self.acks;
        let mut packet = vec![Value::from(event)];
        packet.extend(arguments.as_array().expect("arguments").iter().cloned());
        self.sends(&format!("42{id}{}", Value::from(packet))).await;
        loop {
            match self.listen("an answer").await {
                Heard::Ack(of, answer) if of == id => return answer,
                Heard::Event(event) => self.heard.push_back(event),
                Heard::Ack(..) => {}
                Heard::Ended | Heard::Closed => panic!("{} was closed", self.name),
            }
        }
    }

    pub(crate) async fn sends(&mut self, packet: &str) {
        self.socket.send(Message::text(packet)).await.expect("the socket takes it");
    }

    /// The arguments of the next such event; others stay for later.
    pub(crate) async fn hears(&mut self, event: &str) -> Vec<Value> {
        self.hears_such(event, |_| true).await
    }

    async fn hears_such(&mut self, event: &str, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let is_it = |heard: &Vec<Value>| heard[0] == event && fits(&heard[1..]);
        if let Some(at) = self.heard.iter().position(is_it) {
            return self.heard.remove(at).expect("it is there").split_off(1);
        }
        loop {
            match self.listen(event).await {
                Heard::Event(mut heard) if is_it(&heard) => return heard.split_off(1),
                Heard::Event(heard) => self.heard.push_back(heard),
                Heard::Ack(..) => {}
                Heard::Ended | Heard::Closed => panic!("{} was closed, waiting for {event}", self.name),
            }
        }
    }

    /// Everything of that name heard by now; what one says oneself is the fence.
    pub(crate) async fn has_heard(&mut self, event: &str) -> Vec<Vec<Value>> {
        self.says("fence").await;
        let heard = self.heard.iter().filter(|heard| heard[0] == event);
        heard.map(|heard| heard[1..].to_vec()).collect()
    }

    /// Whether something of that name has come by now.
    pub(crate) fn knows_of(&self, event: &str) -> bool {
        self.heard.iter().any(|heard| heard[0] == event)
    }

    /// Waits for the end of the namespace or of the connection.
    pub(crate) async fn is_ended(&mut self) {
        loop {
            match self.listen("the end").await {
                Heard::Ended | Heard::Closed => return,
                Heard::Event(_) | Heard::Ack(..) => {}
            }
        }
    }

    async fn listen(&mut self, what: &str) -> Heard {
        let Some(packet) = self.packet_for(what).await else { return Heard::Closed };
        if packet == "1" || packet == "41" {
            return if packet == "41" { Heard::Ended } else { Heard::Closed };
        }
        if let Some(event) = packet.strip_prefix("42") {
            return Heard::Event(serde_json::from_str(event).expect("an array"));
        }
        let ack = packet.strip_prefix("43").unwrap_or_else(|| panic!("{}: {packet}", self.name));
        let (id, answer) = ack.split_at(ack.find('[').expect("arguments"));
        let answer: Value = serde_json::from_str(answer).expect("an array");
        Heard::Ack(id.parse().expect("a number"), answer[0].clone())
    }

    async fn packet(&mut self) -> Option<String> {
        self.packet_for("a packet").await
    }

    /// The next packet that is no ping; those are answered.
    async fn packet_for(&mut self, what: &str) -> Option<String> {
        loop {
            let next = timeout(PATIENCE, self.socket.next()).await;
            match next.unwrap_or_else(|_| panic!("{} waits in vain for {what}", self.name)) {
                Some(Ok(Message::Text(text))) if text == "2" => self.sends("3").await,
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    pub(crate) async fn leaves(mut self) {
        self.asks("leave-call", json!([])).await;
        self.sends("41").await;
        drop(self.socket.close(None).await);
    }
}
