//! A client that speaks raw bytes.
use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::server::PATIENCE;

pub(crate) const KEY: &str = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

/// One frame of the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Text(String),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>),
}

pub(crate) struct Client {
    pub(crate) stream: TcpStream,
}

/// The head and body of a response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status line")
    }
}

/// The code of the close frame by which a server ended what was heard.
pub(crate) fn last_close(heard: &[u8]) -> u16 {
    let close = (0..heard.len().saturating_sub(3))
        .rev()
        .find(|at| heard[*at] == 0x88 && usize::from(heard[at + 1]) == heard.len() - at - 2)
        .expect("a close frame comes last");
    u16::from_be_bytes([heard[close + 2], heard[close + 3]])
}

/// A client's frame: `first` holds FIN, RSV and opcode.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..=125 => frame.push(0x80 | short as u8),
        medium @ 126..=0xFFFF => {
            frame.push(0xFE);
            frame.extend((medium as u16).to_be_bytes());
        }
        long => {
            frame.push(0xFF);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

pub(crate) fn text(payload: &str) -> Vec<u8> {
    frame(0x81, payload.as_bytes())
}

pub(crate) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(0x88, &[&code.to_be_bytes(), reason].concat())
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream }
    }

    /// Opens a WebSocket on `/ws`.
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let mut client = Self::connect(address).await;
        let answer = client.upgrade("/ws", "").await;
        assert_eq!(answer.status(), 101, "{answer:?}");
        assert!(answer.head.to_lowercase().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="));
        client
    }

    /// Asks for an upgrade with further header lines.
    pub(crate) async fn upgrade(&mut self, path: &str, lines: &str) -> Answer {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: here.example\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
             sec-websocket-version: 13\r\n{KEY}{lines}\r\n"
        );
        self.asks(&request).await
    }

    pub(crate) async fn asks(&mut self, request: &str) -> Answer {
        self.says(request.as_bytes()).await;
        self.hears_answer().await
    }

    /// Writes; a server that has closed already is no failure of the writing.
    pub(crate) async fn says(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.stream.write_all(bytes)).await.expect("the server reads").ok();
    }

    pub(crate) async fn hears_answer(&mut self) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.byte().await.expect("a whole head"));
        }
        let head = String::from_utf8(head).unwrap();
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let body = self.bytes(length.unwrap_or(0)).await;
        Answer { head, body: String::from_utf8(body).unwrap() }
    }

    pub(crate) async fn hears(&mut self) -> Frame {
        let head = self.bytes(2).await;
        assert_eq!(head[1] & 0x80, 0, "a server never masks");
        let length = match head[1] {
            126 => u16::from_be_bytes(self.bytes(2).await.try_into().unwrap()).into(),
            127 => u64::from_be_bytes(self.bytes(8).await.try_into().unwrap()) as usize,
            short => usize::from(short),
        };
        let payload = self.bytes(length).await;
        match head[0] {
            0x81 => Frame::Text(String::from_utf8(payload).unwrap()),
            0x88 => Frame::Close(payload.first_chunk().map(|code| u16::from_be_bytes(*code))),
            0x89 => Frame::Ping(payload),
            0x8A => Frame::Pong(payload),
            other => panic!("a frame that nobody sends: {other:#x}"),
        }
    }

    /// Reads until the server ends the connection; answers how many bytes came.
    pub(crate) async fn hears_end(&mut self) -> usize {
        let mut rest = Vec::new();
        // A reset is an end too.
        timeout(PATIENCE, self.stream.read_to_end(&mut rest)).await.expect("the server ends").ok();
        rest.len()
    }

    async fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        let read = timeout(PATIENCE, self.stream.read(&mut byte)).await.expect("the server answers");
        (read.ok()? == 1).then_some(byte[0])
    }

    async fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        timeout(PATIENCE, self.stream.read_exact(&mut bytes))
            .await
            .expect("the server answers")
            .expect("a whole frame");
        bytes
    }
}
