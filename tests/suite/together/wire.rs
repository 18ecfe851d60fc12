//! A WebSocket of any of the systems: texts in, frames out, and a fence behind all that was heard.
use crate::common::{Convene, PATIENCE};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(super) struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    waiting: VecDeque<Value>,
    asked: u64,
    is_socketio: bool,
    /// The last one that was heard, of native signals.
    pub(super) generation: u64,
}

/// What a socket gives.
enum Heard {
    Frame(Value),
    /// To the question of this number.
    Reply(u64, Value),
    Fence,
}

impl Wire {
    pub(super) async fn opens(server: &Convene, path: &str) -> Self {
        let opened = timeout(PATIENCE, connect_async(server.url("ws", path))).await.expect("in time");
        let socket = opened.expect("the socket opens").0;
        let is_socketio = path.starts_with("/socket.io/");
        Self { socket, waiting: VecDeque::new(), asked: 0, is_socketio, generation: 0 }
    }

    pub(super) async fn says(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("the socket takes it");
    }

    /// Asks as our protocol does, and is answered `ok`.
    pub(super) async fn asks(&mut self, mut frame: Value) {
        self.asked += 1;
        frame["id"] = self.asked.into();
        self.says(&frame.to_string()).await;
        let reply = self.reply().await;
        assert!(reply.get("ok").is_some(), "{frame} was refused: {reply}");
    }

    /// Emits as Socket.IO does, and is told that it was taken.
    pub(super) async fn emits(&mut self, event: &str, arguments: &Value) {
        self.asked += 1;
        let mut packet = vec![Value::from(event)];
        packet.extend(arguments.as_array().expect("arguments").iter().cloned());
        self.says(&format!("42{}{}", self.asked, Value::from(packet))).await;
        assert_eq!(self.reply().await, json!({"ok": true}), "{event}");
    }

    async fn reply(&mut self) -> Value {
        loop {
            match self.next().await {
                Heard::Reply(to, reply) if to == self.asked => return reply,
                Heard::Frame(frame) => self.waiting.push_back(frame),
                Heard::Reply(..) | Heard::Fence => {}
            }
        }
    }

    /// All frames up to the first of these.
    pub(super) async fn hears(&mut self, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            let frame = match self.waiting.pop_front() {
                Some(frame) => frame,
                None => match self.next().await {
                    Heard::Frame(frame) => frame,
                    Heard::Reply(..) | Heard::Fence => continue,
                },
            };
            let is_last = is_it(&frame);
            heard.push(frame);
            if is_last {
                return heard;
            }
        }
    }

    /// What has come by now.
    pub(super) async fn has_heard(&mut self) -> Vec<Value> {
        self.asked += 1;
        if self.is_socketio {
            self.says(&format!("42{}[\"nothing\"]", self.asked)).await; // refused behind all that was sent before
        } else {
            self.socket.send(Message::Ping(vec![7].into())).await.expect("the socket takes it");
        }
        loop {
            match self.next().await {
                Heard::Fence => break,
                Heard::Reply(to, _) if to == self.asked => break,
                Heard::Frame(frame) => self.waiting.push_back(frame),
                Heard::Reply(..) => {}
            }
        }
        self.waiting.drain(..).collect()
    }

    pub(super) async fn closes(&mut self) {
        drop(self.socket.close(None).await);
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    async fn next(&mut self) -> Heard {
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.expect("in vain");
            let text = match message.expect("it is open").expect("a message") {
                Message::Text(text) => text,
                Message::Pong(_) => return Heard::Fence,
                Message::Close(close) => panic!("closed with {close:?}"),
                _ => continue, // pings are answered by the library
            };
            if text.as_str() == "2" {
                self.says("3").await; // Socket.IO has pings of its own
            } else if let Some(heard) = self.read(&text) {
                return heard;
            }
        }
    }

    /// None is what belongs to the transport.
    fn read(&mut self, text: &str) -> Option<Heard> {
        let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        if let Some(event) = text.strip_prefix("42") {
            return Some(Heard::Frame(value(event)));
        }
        if let Some(ack) = text.strip_prefix("43") {
            let (id, answer) = ack.split_at(ack.find('[').expect("arguments"));
            return Some(Heard::Reply(id.parse().expect("a number"), value(answer)[0].clone()));
        }
        if text.starts_with("0{") || text.starts_with("40{") {
            return Some(Heard::Frame(json!([if text.starts_with("0{") { "open" } else { "connected" }])));
        }
        let frame = value(text);
        if frame["type"] == "heartbeat" {
            return None;
        }
        if frame.get("type").is_none() && frame["id"].is_u64() {
            return Some(Heard::Reply(frame["id"].as_u64().expect("a number"), frame));
        }
        self.generation = frame["gen"].as_u64().unwrap_or(self.generation);
        Some(Heard::Frame(frame))
    }
}
