//! A native client whose tests read as dialogue: `ana.asks(…)`, `bob.hears("chat_message")`.
use std::collections::VecDeque;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::server::PATIENCE;
use super::spill;

/// One person's page.
pub(crate) struct Client {
    pub(crate) name: String,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// What was heard while something else was waited for.
    heard: VecDeque<Value>,
    next_id: u64,
    /// What `joined` or `resumed` said last.
    pub(crate) pass: Value,
    /// The last position that was seen.
    pub(crate) position: Value,
}

/// What a socket gives.
enum Heard {
    Frame(Value),
    Closed(u16),
}

impl Client {
    pub(crate) async fn connect(name: &str, url: &str) -> Self {
        Self::connect_with(name, url, &[]).await
    }

    /// With headers, as a browser sends its cookies.
    pub(crate) async fn connect_with(name: &str, url: &str, headers: &[(&'static str, &str)]) -> Self {
        let mut request = url.into_client_request().expect("a URL");
        for (header, value) in headers {
            request.headers_mut().insert(*header, value.parse().expect("a header"));
        }
        let (socket, _) =
            timeout(PATIENCE, connect_async(request)).await.expect("in time").expect("the socket opens");
        let name = name.to_owned();
        let (pass, position) = (Value::Null, json!({}));
        Self { name, socket, heard: VecDeque::new(), next_id: 1, pass, position }
    }

    /// Sends a frame with an id of its own; answers the id.
    pub(crate) async fn sends(&mut self, mut frame: Value) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        frame["id"] = id.into();
        self.sends_text(&frame.to_string()).await;
        id
    }

    pub(crate) async fn sends_text(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("the socket takes it");
    }

    /// Sends, and answers the `ok`.
    pub(crate) async fn asks(&mut self, frame: Value) -> Value {
        let id = self.sends(frame).await;
        let reply = self.reply(id).await;
        assert!(reply.get("ok").is_some(), "{} was refused: {reply}", self.name);
        reply["ok"].clone()
    }

    /// Sends, and answers the `err`.
    pub(crate) async fn is_refused(&mut self, frame: Value) -> Value {
        let id = self.sends(frame).await;
        let reply = self.reply(id).await;
        assert!(reply.get("err").is_some(), "{} was not refused: {reply}", self.name);
        spill::told("a refusal", &reply.to_string());
        reply["err"].clone()
    }

    /// The reply to a frame sent before.
    pub(crate) async fn reply(&mut self, id: u64) -> Value {
        self.first(&format!("the reply to {id}"), |frame| frame.get("type").is_none() && frame["id"] == id)
            .await
    }

    /// The refusal of a frame that had no id.
    pub(crate) async fn reply_to_nothing(&mut self) -> Value {
        let refused = |frame: &Value| frame["id"].is_null() && frame.get("err").is_some();
        self.first("the refusal of a frame without id", refused).await["err"].clone()
    }

    /// The next push of this type; others stay for later.
    pub(crate) async fn hears(&mut self, kind: &str) -> Value {
        self.first(kind, |frame| frame["type"] == kind).await
    }

    /// Everything of this type that has been heard by now; a question to the server is the fence behind it.
    pub(crate) async fn has_heard(&mut self, kind: &str) -> Vec<Value> {
        self.asks(json!({"type": "typing", "on": false})).await;
        let heard = self.heard.iter().filter(|frame| frame["type"] == kind);
        heard.cloned().collect()
    }

    /// Joins and keeps what it needs to come back.
    pub(crate) async fn joins(&mut self, room: &str) -> Value {
        let profile = json!({"name": self.name});
        let joined = self.asks(json!({"type": "join", "room": room, "profile": profile})).await;
        self.enters(joined.clone());
        joined
    }

    /// Comes back on this socket to the seat that someone held.
    pub(crate) async fn resumes(&mut self, seat: &Value) -> Value {
        let resumed = self.asks(seat.clone()).await;
        let mut pass = resumed.clone();
        if let Some(snapshot) = resumed.get("snapshot") {
            pass["self"] = snapshot["self"].clone();
        }
        self.enters(pass);
        resumed
    }

    /// The frame by which its seat is taken up again.
    pub(crate) fn seat(&self) -> Value {
        let (pass, at) = (&self.pass, &self.position);
        json!({"type": "resume", "session": pass["session"], "secret": pass["secret"],
               "epoch": at["epoch"], "seq": at["seq"], "last_no": at["last_no"]})
    }

    fn enters(&mut self, pass: Value) {
        self.position = json!({"epoch": pass["epoch"], "seq": pass["seq"], "last_no": pass["last_no"]});
        self.pass = pass;
    }

    pub(crate) fn peer(&self) -> String {
        self.pass["self"]["peer"].as_str().expect("seated").to_owned()
    }

    pub(crate) fn epoch(&self) -> Value {
        self.position["epoch"].clone()
    }

    pub(crate) async fn says(&mut self, text: &str) -> Value {
        self.asks(json!({"type": "chat_send", "client_id": text, "text": text})).await
    }

    /// The code with which the server closes.
    pub(crate) async fn is_closed(&mut self) -> u16 {
        loop {
            match self.listen("the close").await {
                Heard::Closed(code) => return code,
                Heard::Frame(frame) => self.heard.push_back(frame),
            }
        }
    }

    /// Cuts the connection without a word; what is left is the way back to the seat.
    pub(crate) fn vanishes(self) -> Value {
        self.seat()
    }

    async fn first(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.heard.iter().position(&wanted) {
            return self.heard.remove(at).expect("it is there");
        }
        loop {
            match self.listen(what).await {
                Heard::Frame(frame) if wanted(&frame) => return frame,
                Heard::Frame(frame) => self.heard.push_back(frame),
                Heard::Closed(code) => panic!("{} was closed with {code}, waiting for {what}", self.name),
            }
        }
    }

    async fn listen(&mut self, what: &str) -> Heard {
        let heard = timeout(PATIENCE, self.frame()).await;
        let heard = heard.unwrap_or_else(|_| panic!("{} waits in vain for {what}", self.name));
        if let Heard::Frame(frame) = &heard
            && let (Some(epoch), Some(seq)) = (frame.get("epoch"), frame.get("seq"))
            && frame["type"] != "heartbeat"
        {
            self.position["epoch"] = epoch.clone();
            self.position["seq"] = seq.clone();
            if let Some(no) = frame["message"].get("no").filter(|no| no.is_i64()) {
                self.position["last_no"] = no.clone();
            }
        }
        heard
    }

    async fn frame(&mut self) -> Heard {
        loop {
            return match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    Heard::Frame(serde_json::from_str(&text).expect("frames are JSON"))
                }
                Some(Ok(Message::Close(close))) => {
                    Heard::Closed(close.map_or(1005, |close| close.code.into()))
                }
                Some(Ok(_)) => continue, // pings are answered by the library
                None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(_))) => {
                    Heard::Closed(1006)
                }
                Some(Err(Error::Io(_))) => Heard::Closed(1006),
                Some(Err(error)) => panic!("{}: {error}", self.name),
            };
        }
    }
}
