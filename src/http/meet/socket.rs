//! The relay: who may enter with a first frame, and what becomes of it and of those behind it.
use super::{Guests, Parts, Settings};
use crate::actors::Reader;
use crate::actors::outbox::Outbox;
use crate::dialect::Wanted;
use crate::dialect::close::Close;
use crate::dialect::meet::{Kind, Name, State, decode, wanted};
use crate::http::raw::{Asked, Client, Open};
use crate::http::rest::cookies;
use crate::room::ids::Millis;
use crate::service::accounts::Accounts;
use crate::service::caller::Caller;
use crate::service::rooms::Rooms;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// What somebody is called who shows no account.
const GUEST: &str = "Guest";

/// What the relay asks beside the engine. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    accounts: Accounts,
    rooms: Rooms,
    settings: Settings,
}

impl Relay {
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        Self { accounts: parts.accounts.clone(), rooms: parts.rooms.clone(), settings: parts.settings }
    }

    /// For sockets whose first frame is one of Meet's.
    #[must_use]
    pub fn open(self) -> Open {
        Arc::new(move |reader, asked: Asked| {
            let Asked { opening, outbox } = asked;
            let token = cookies::token(&opening.headers, opening.client.scheme);
            Box::new(Socket {
                relay: self.clone(),
                reader,
                outbox,
                token,
                state: State::default(),
                who: None,
            })
        })
    }

    /// Who shows this token, and what they are called.
    async fn whose(&self, token: &str) -> Option<(Caller, Name)> {
        let caller = self.accounts.caller_by_cookie(token).await.ok()?;
        let account = self.accounts.me(caller.signed_in().ok()?).await.ok()?;
        let handle = account.username.map(Arc::from);
        Some((caller, Name { name: account.name.into(), handle }))
    }

    /// Whether a key leads this caller to a room: to a guest a young one only.
    async fn leads(&self, key: &str, caller: Caller) -> bool {
        let Ok((room, _)) = self.rooms.describe(key, caller).await else { return false };
        match (caller, self.settings.guests) {
            (Caller::User(_), _) => true,
            (_, Guests::Young(ms)) => now().since(room.created_at) < ms,
            (_, Guests::None) => false,
        }
    }
}

/// One page's socket.
struct Socket {
    relay: Relay,
    reader: Reader,
    outbox: Arc<Outbox>,
    /// What its cookie shows, until that was looked at.
    token: Option<String>,
    state: State,
    /// Whoever it is, once that is known.
    who: Option<(Caller, Name)>,
}

impl Client for Socket {
    fn text<'a>(&'a mut self, text: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(self.hear(text))
    }

    fn pong(&mut self) {
        self.reader.pong();
    }
}

impl Socket {
    async fn hear(&mut self, text: &str) {
        let Some(said) = decode(&mut self.state, text) else { return };
        let Some((caller, name)) = self.identify().await else {
            return self.outbox.close(Close::Policy);
        };
        if said.kind == Kind::Beginning && !self.relay.leads(&said.room, caller).await {
            return; // what isn't there for this page says nothing
        }
        for wanted in wanted(said, text, &name) {
            match wanted {
                // this wire has no word for a refusal; while something waits for the rates, nothing more is read
                Wanted::Ask(command) => drop(self.reader.ask(*command, std::future::pending()).await),
                other => self.reader.want(other).await,
            }
        }
    }

    /// Once per socket: the account behind its cookie, or a guest where there may be some.
    async fn identify(&mut self) -> Option<(Caller, Name)> {
        if let Some(who) = &self.who {
            return Some(who.clone());
        }
        let shown = match self.token.take() {
            Some(token) => match self.relay.whose(&token).await {
                Some(who) => {
                    self.reader.recognise(token.into()).await;
                    Some(who)
                }
                None => None, // a session that has ended is none
            },
            None => None,
        };
        let guest = || (Caller::Nobody, Name { name: GUEST.into(), handle: None });
        let who = match (shown, self.relay.settings.guests) {
            (Some(who), _) => who,
            (None, Guests::Young(_)) => guest(),
            (None, Guests::None) => return None,
        };
        self.who = Some(who.clone());
        Some(who)
    }
}

/// The wall clock, against which a room's age is told.
fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}
