//! A Meet page's socket: raw text frames, heard exactly as they came.
use crate::common::Convene;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Wire {
    name: &'static str,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Wire {
    /// Opens the main port at `/`, as a tool without cookies does.
    pub(crate) async fn opens(server: &Convene, name: &'static str) -> Self {
        Self::opens_with(server, name, &[]).await
    }

    pub(crate) async fn opens_with(
        server: &Convene,
        name: &'static str,
        headers: &[(&'static str, &str)],
    ) -> Self {
        let opened = Self::tries(&server.url("ws", "/"), name, headers).await;
        opened.unwrap_or_else(|status| panic!("{name} was refused with {status}"))
    }

    /// Opens any address, or gives the status of the refusal.
    pub(crate) async fn tries(
        url: &str,
        name: &'static str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let mut request = url.into_client_request().expect("a URL");
        for (header, value) in headers {
            request.headers_mut().insert(*header, value.parse().expect("a header"));
        }
        match timeout(PATIENCE, connect_async(request)).await.expect("in time") {
            Ok((socket, _)) => Ok(Self { name, socket }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{name}: {error}"),
        }
    }

    pub(crate) async fn says(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("the socket takes it");
    }

    pub(crate) async fn sends(&mut self, message: Message) {
        self.socket.send(message).await.expect("the socket takes it");
    }

    /// Sends to a server that may have closed already.
    pub(crate) async fn tries_to_send(&mut self, message: Message) -> Result<(), Error> {
        self.socket.send(message).await
    }

    /// Offers, and waits until so many sit in rooms.
    pub(crate) async fn sits(&mut self, server: &Convene, room: &str, people: i64) -> String {
        let offer = self.offers(room).await;
        let name = self.name;
        server.until(&format!("{name} sits"), |server| server.metrics.participants.get() == people).await;
        offer
    }

    /// The first frame of every page; gives its text.
    pub(crate) async fn offers(&mut self, room: &str) -> String {
        let sdp = format!("v=0 of {}", self.name);
        let text =
            json!({"room_id": room, "type": "offer", "offer": {"type": "offer", "sdp": sdp}}).to_string();
        self.says(&text).await;
        text
    }

    pub(crate) async fn answers(&mut self, room: &str) -> String {
        let sdp = format!("v=0 of {}", self.name);
        let text =
            json!({"room_id": room, "type": "answer", "answer": {"type": "answer", "sdp": sdp}}).to_string();
        self.says(&text).await;
        text
    }

    /// A frame that pages pass over: it tells where in the order of things one is.
    pub(crate) async fn marks(&mut self, room: &str, word: &str) -> String {
        let text = json!({"room_id": room, "type": "mark", "word": word, "by": self.name}).to_string();
        self.says(&text).await;
        text
    }

    /// The very next frame.
    pub(crate) async fn hears(&mut self) -> String {
        match timeout(PATIENCE, self.next()).await {
            Ok(Ok(text)) => text,
            Ok(Err(code)) => panic!("{} was closed with {code}", self.name),
            Err(_) => panic!("{} waits in vain", self.name),
        }
    }

    pub(crate) async fn hears_exactly(&mut self, text: &str) {
        assert_eq!(self.hears().await, text, "what {} hears next", self.name);
    }

    pub(crate) async fn hears_json(&mut self) -> Value {
        serde_json::from_str(&self.hears().await).expect("JSON")
    }

    /// The code with which the server closes, next of all.
    pub(crate) async fn is_closed(&mut self) -> u16 {
        match timeout(PATIENCE, self.next()).await {
            Ok(Err(code)) => code,
            Ok(Ok(text)) => panic!("{} heard {text}", self.name),
            Err(_) => panic!("{} waits in vain for its close", self.name),
        }
    }

    /// Ends the call as the page does.
    pub(crate) async fn leaves(mut self) {
        self.socket.close(None).await.expect("it closes");
        while let Some(Ok(_)) = self.socket.next().await {}
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
