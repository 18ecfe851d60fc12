//! A raw WebSocket of this system: a client that says who joins and leaves which room, and hears who else does.
use super::ear::{Hub, Standing};
use super::pairs::{Pair, Pairs};
use super::{Parts, Settings};
use crate::actors::outbox::Outbox;
use crate::actors::{Engine, Reader, Shown};
use crate::dialect::close::Close;
use crate::dialect::hundredms::{self, Action, Said};
use crate::dialect::{Dialect, Entry, Wanted};
use crate::fault::Fault;
use crate::http::origin::Verdict;
use crate::http::raw::{Asked, Client, Open};
use crate::room::join::handle_of_app;
use crate::room::media::MediaPatch;
use crate::room::rules::NAME_CHARS;
use crate::service::hundredms::{HundredMs, Mode};
use futures_util::future::BoxFuture;
use std::net::IpAddr;
use std::sync::Arc;

/// Frames in a row that are none before the socket is closed.
const JUNK: u8 = 10;

/// Takes the sockets of this system.
#[derive(Clone)]
pub struct Presence {
    engine: Engine,
    backend: HundredMs,
    settings: Settings,
}

impl Presence {
    pub fn of(parts: &Parts) -> Self {
        let (engine, backend) = (parts.engine.clone(), parts.backend.clone());
        Self { engine, backend, settings: parts.settings.clone() }
    }

    /// For [`crate::http::raw`].
    pub fn open(self) -> Open {
        Arc::new(move |reader, asked| Box::new(Socket::new(self.clone(), reader, &asked)))
    }
}

/// One socket.
struct Socket {
    presence: Presence,
    /// Stands for the socket itself: it is pinged, counts its frames, and sits nowhere.
    anchor: Reader,
    source: IpAddr,
    origin: Verdict,
    /// What came as `?token=`.
    token: Option<Arc<str>>,
    hub: Arc<Hub>,
    pairs: Pairs,
    junk: u8,
}

impl Client for Socket {
    fn text<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(self.hear(text))
    }

    fn pong(&mut self) {
        self.anchor.pong();
    }
}

impl Socket {
    fn new(presence: Presence, anchor: Reader, asked: &Asked) -> Self {
        let Settings { updates, errors, .. } = presence.settings;
        let mut query = url::form_urlencoded::parse(asked.opening.query.as_bytes());
        Self {
            hub: Hub::new(asked.outbox.clone(), updates, errors),
            source: asked.opening.client.ip,
            origin: asked.opening.origin,
            token: query.find(|(name, _)| name == "token").map(|(_, token)| token.into()),
            presence,
            anchor,
            pairs: Pairs::default(),
            junk: 0,
        }
    }

    async fn hear(&mut self, text: &str) {
        if self.origin == Verdict::Foreign && self.mode() == Mode::Strict {
            return self.hub.close(Close::Policy);
        }
        if self.anchor.counts().is_err() {
            return self.hub.complain("too many frames");
        }
        self.pairs.tidy();
        let said = hundredms::decode(text);
        self.junk = if said == Said::Junk { self.junk + 1 } else { 0 };
        match said {
            Said::Join(pair) => self.join(pair).await,
            Said::Leave(pair) => self.leave(&pair).await,
            Said::Other => self.hub.complain("unknown event"),
            Said::Junk if self.junk >= JUNK => self.hub.close(Close::Policy),
            Said::Junk => self.hub.complain("not a frame of this protocol"),
        }
    }

    /// Once in a room a user stays once in it, however often it is said; each time it is acknowledged.
    async fn join(&mut self, pair: hundredms::Pair) {
        let hundredms::Pair { room, user, token } = pair;
        if self.pairs.has(&room, &user) {
            return self.hub.acknowledge(&room, &user, Action::Joined);
        }
        if self.pairs.are_full() {
            return self.hub.complain("too many users on one connection");
        }
        let token = token.or_else(|| self.token.clone());
        if let Err(why) = self.may(&room, &user, token.as_deref()) {
            return self.hub.complain(why);
        }
        let (ear, outbox) = Pair::ear(&self.hub, &room, &user);
        let reader = self.seat(outbox.clone()).await;
        let mut pair = Pair { ear, outbox, reader };
        if let Some(token) = token
            && pair.reader.recognise(token).await == Shown::Bad
        {
            return self.hub.complain("the token is not good");
        }
        self.hub.expect(&room, &user, Action::Joined);
        pair.reader.want(Wanted::Enter(Box::new(entry(&room, &user)))).await;
        self.pairs.flush(&room);
        pair.outbox.flush();
        let standing = pair.ear.standing();
        if standing == Standing::In {
            return self.pairs.add(pair);
        }
        self.hub.forget(&room, &user);
        match standing {
            // as documented: whatever the room, who joins hears so
            Standing::Refused(code) if code == Fault::NoSuchRoom.code() && self.mode() == Mode::Open => {
                drop(pair);
                self.hub.acknowledge(&room, &user, Action::Joined);
            }
            Standing::Refused(code) => self.hub.complain(&code),
            Standing::Asked | Standing::In | Standing::Over => self.hub.complain("the room is gone"),
        }
    }

    /// Whoever isn't there by this socket stays as they are, and only the sender hears of it.
    async fn leave(&mut self, pair: &hundredms::Pair) {
        if let Some(mut left) = self.pairs.take(&pair.room, &pair.user) {
            left.ear.is_over();
            left.reader.leave().await;
            self.hub.expect(&pair.room, &pair.user, Action::Left);
            self.pairs.flush(&pair.room);
            return self.hub.acknowledge(&pair.room, &pair.user, Action::Left);
        }
        self.hub.acknowledge(&pair.room, &pair.user, Action::Left);
    }

    /// A token that is shown must be of this user and this room; in strict mode one must be.
    fn may(&self, room: &str, user: &str, token: Option<&str>) -> Result<(), &'static str> {
        let Some(token) = token else {
            return if self.mode() == Mode::Strict { Err("a token is required") } else { Ok(()) };
        };
        let said = self.presence.backend.read(token).map_err(|_| "the token is not good")?;
        if said.room == room && said.user == user {
            Ok(())
        } else {
            Err("the token is of another room or user")
        }
    }

    async fn seat(&self, outbox: Arc<Outbox>) -> Reader {
        self.presence.engine.open(Dialect::HundredMs, self.source, None, outbox).await
    }

    fn mode(&self) -> Mode {
        self.presence.backend.mode()
    }
}

/// Somebody who is there, and neither speaks nor shows anything here.
fn entry(room: &Arc<str>, user: &str) -> Entry {
    Entry {
        room: room.clone(),
        peer: None,
        name: shown(user),
        handle: Some(handle_of_app(user)),
        media: MediaPatch::default(),
    }
}

/// What others see of a user's id: as much of it as may be a name.
fn shown(user: &str) -> Arc<str> {
    let plain: String = user.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    crate::room::join::checked_name(&plain).unwrap_or_else(|_| Arc::from("guest"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_a_name_to_show() {
        assert_eq!(&*shown("user 7"), "user 7");
        assert_eq!(&*shown("a\nb"), "ab");
        assert_eq!(shown(&"x".repeat(128)).len(), NAME_CHARS);
        assert_eq!(&*shown("\u{202e}"), "guest");
    }
}
