//! Rooms to meet in: made over REST on Convene, just named on Socket.IO; and the question whether a server is ready.
use crate::Outcome;
use crate::server::Server;
use crate::shape::{Kept, Shape, Work};
use crate::speech::Speech;
use serde::Deserialize;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

#[derive(Deserialize)]
struct Created {
    room: Room,
}

#[derive(Deserialize)]
struct Room {
    code: String,
}

/// As many rooms as the shape has groups; answers their keys.
pub(crate) fn make(server: &Server, shape: Shape) -> Outcome<Vec<String>> {
    (0..shape.groups)
        .map(|group| match server.speech {
            Speech::Native => create(server.address, shape),
            Speech::SocketIo => Ok(format!("room-{group}")),
        })
        .collect()
}

fn create(to: SocketAddr, shape: Shape) -> Outcome<String> {
    let chat = match shape.work {
        Work::Chat(Kept::Durable) => "durable",
        Work::Chat(Kept::Ephemeral) | Work::Signal => "ephemeral",
    };
    let body = format!(r#"{{"name":"Load","capacity":{},"chat":"{chat}"}}"#, shape.people.max(2));
    let (status, answer) = http(to, "POST", "/v1/rooms", &body)?;
    if status != 201 {
        return Err(format!("a room was refused: {status} {}", String::from_utf8_lossy(&answer)).into());
    }
    Ok(serde_json::from_slice::<Created>(&answer)?.room.code)
}

pub(crate) fn is_ready(server: SocketAddr, path: &str) -> bool {
    http(server, "GET", path, "").is_ok_and(|(status, _)| status == 200)
}

/// One request on a connection of its own; answers the status and the body.
pub(crate) fn http(to: SocketAddr, method: &str, path: &str, body: &str) -> Outcome<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let status = answer
        .get(9..12)
        .and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
        .ok_or("an answer that isn't HTTP")?;
    let at = memchr::memmem::find(&answer, b"\r\n\r\n").ok_or("an answer without an end of its head")?;
    Ok((status, answer.split_off(at + 4)))
}
