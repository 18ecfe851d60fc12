//! A 100ms-compatible management API where rooms are made too, for apps whose media goes through it.
use crate::fault::Fault;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, Url, redirect};
use serde_json::{Map, Value, json};
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(3);
/// For one room.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const ANSWER_BYTES: usize = 64 << 10;

/// An address that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("dialects.hundredms.upstream can't be used: {0}")]
pub struct NotUsable(String);

/// The API. Cheap to clone.
#[derive(Clone)]
pub struct Upstream {
    client: Client,
    rooms: Url,
}

/// A room as the API gives it.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) id: String,
    pub(super) object: Map<String, Value>,
}

impl Upstream {
    /// `base` is what stands before `/rooms`.
    ///
    /// # Errors
    /// If it is no address.
    pub fn new(base: &str) -> Result<Self, NotUsable> {
        let rooms = Url::parse(&format!("{}/rooms", base.trim_end_matches('/')));
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TIME_LIMIT)
            .redirect(redirect::Policy::none()) // it would carry the token elsewhere
            .no_proxy();
        Ok(Self {
            client: client.build().map_err(|error| NotUsable(error.to_string()))?,
            rooms: rooms.map_err(|error| NotUsable(error.to_string()))?,
        })
    }

    /// Makes a room, or gets the one of that name.
    ///
    /// # Errors
    /// [`Fault::Unavailable`], whatever went wrong; what it was is logged.
    pub(super) async fn create(&self, token: &str, name: &str) -> Result<Room, Fault> {
        self.ask(token, name).await.map_err(|why| {
            tracing::warn!(why, "the 100ms api made no room");
            Fault::Unavailable
        })
    }

    async fn ask(&self, token: &str, name: &str) -> Result<Room, String> {
        let request = self
            .client
            .post(self.rooms.clone())
            .bearer_auth(token)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(json!({"name": spelt(name)}).to_string());
        // not the error's own text: it names the address, which may hold a key
        let answer = request.send().await.map_err(|error| cause(&error).to_owned())?;
        let status = answer.status();
        if !status.is_success() {
            return Err(format!("it answered {}", status.as_u16()));
        }
        let body = whole(answer).await?;
        let Ok(Value::Object(object)) = serde_json::from_slice(&body) else {
            return Err("its answer is no object".to_owned());
        };
        let id = object.get("id").and_then(Value::as_str).ok_or("its room has no id")?.to_owned();
        Ok(Room { id, object })
    }
}

async fn whole(mut answer: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| cause(&error).to_owned())? {
        if body.len() + part.len() > ANSWER_BYTES {
            return Err("its answer is too long".to_owned());
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

fn cause(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection failed"
    }
}

/// A name in the characters that it takes.
fn spelt(name: &str) -> String {
    let known = |c: char| c.is_ascii_alphanumeric() || ".-:_".contains(c);
    name.chars().map(|c| if known(c) { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_only_the_characters_that_the_api_takes() {
        assert_eq!(spelt("My Room: é_1"), "My-Room:--_1");
    }

    #[test]
    fn an_address_must_be_one() {
        // boot does it for the process
        let _ = rustls::crypto::ring::default_provider().install_default();
        let rooms = |base| Upstream::new(base).map(|upstream| upstream.rooms.to_string());
        assert_eq!(rooms("https://api.example.org/v2/").unwrap(), "https://api.example.org/v2/rooms");
        assert!(rooms("api").is_err());
    }
}
