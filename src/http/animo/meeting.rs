//! Meetings: made with a code that the client brings, looked for, and listed: `/meeting/…`.
use super::answer::Said;
use super::credentials::{Known, Way};
use super::{Animo, Asked, CheckHost, parameter};
use crate::fault::Fault;
use crate::room::record::System;
use crate::service::rooms::{Brought, Standing};
use serde_json::json;

const TAKEN: &str = "A meeting with this code already exists. Try generating new code";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Bytes of a username or code that are repeated in an answer.
const ECHOED_BYTES: usize = 256;

impl Animo {
    /// `GET`: makes the meeting. A cookie alone is not enough, since any page can make a browser ask this.
    pub(super) async fn check_code(&self, asked: &Asked, code: &str) -> Said {
        match self.known(asked).await {
            Ok(known) if known.way == Way::Bearer => self.make(asked, &known, code, 302).await,
            Ok(_) => Said::new(401, "no token provided"),
            Err(said) => said,
        }
    }

    pub(super) async fn create_meet(&self, asked: &Asked, code: &str) -> Said {
        match self.known(asked).await {
            Ok(known) => self.make(asked, &known, code, 409).await,
            Err(said) => said,
        }
    }

    async fn make(&self, asked: &Asked, known: &Known, code: &str, taken: u16) -> Said {
        let days = i64::try_from(self.settings.expire_days).unwrap_or(i64::MAX);
        let wish = Brought { system: System::Animo, code, unused_ms: days.saturating_mul(DAY_MS) };
        match self.rooms.make_brought(known.who, wish, asked.client.ip).await {
            Ok(()) => Said::new(200, format!("new meeting created successfully, code: {code}")),
            Err(Fault::NameTaken) => Said::new(taken, TAKEN),
            Err(fault) if fault.status() >= 500 => {
                self.refused(&fault);
                Said::new(500, "Internal server error : try again")
            }
            Err(fault) => self.refused(&fault),
        }
    }

    /// Whose it is is told to nobody but host and co-hosts, who see themselves.
    pub(super) async fn check_meet(&self, asked: &Asked, code: &str) -> Said {
        let known = self.maybe_known(asked).await;
        let who = known.as_ref().map(|known| known.who);
        let standing = match self.rooms.standing_in(code, who).await {
            Ok(standing) => standing,
            Err(Fault::NoSuchRoom | Fault::Ended) => {
                return Said::new(404, "No such meeting found").with("exists", false);
            }
            Err(fault) => return self.refused(&fault),
        };
        let me = known.map(|known| known.username()).unwrap_or_default();
        let (host, cohosts) = match standing {
            Standing::Host => (me, json!([])),
            Standing::Cohost => (String::new(), json!([me])),
            Standing::Nobody => (String::new(), json!([])),
        };
        let meeting = json!({"meetingCode": code, "hostUsername": host, "coHostUsernames": cohosts});
        Said::new(200, "Meeting found").with("exists", true).with("meeting", meeting)
    }

    pub(super) async fn check_host(&self, asked: &Asked) -> Said {
        let named = parameter(&asked.query, "username").zip(parameter(&asked.query, "meetingCode"));
        let Some((username, code)) = named else {
            return Said::new(400, "Please provide username and meetingCode");
        };
        if username.len() > ECHOED_BYTES || code.len() > ECHOED_BYTES {
            return Said::new(400, "Please provide username and meetingCode");
        }
        let is_host = match self.settings.check_host {
            CheckHost::Everybody => self.rooms.is_hosted_by(&code, &username).await,
            CheckHost::Themselves => match self.maybe_known(asked).await {
                Some(known) if known.is_called(&username) => {
                    self.rooms.standing_in(&code, Some(known.who)).await.map(|is| is == Standing::Host)
                }
                Some(_) | None => Ok(false),
            },
        };
        match is_host {
            Ok(true) => Said::new(200, format!("{username} is host of this meeting")),
            Ok(false) | Err(Fault::NoSuchRoom | Fault::Ended) => {
                Said::new(403, format!("{username} is not the host of this meeting"))
            }
            Err(fault) if fault.status() >= 500 => {
                self.refused(&fault);
                Said::new(500, "Some internal server error occured : try again")
            }
            Err(fault) => self.refused(&fault),
        }
    }

    /// One's own meetings in the order they were made; of anybody else there are none.
    pub(super) async fn prev_meets(&self, asked: &Asked, username: &str) -> Said {
        let known = match self.known(asked).await {
            Ok(known) => known,
            Err(said) => return said,
        };
        if !known.is_called(username) {
            return Said::list(Vec::new());
        }
        match self.rooms.codes_of(known.who).await {
            Ok(codes) => Said::list(codes),
            Err(fault) => self.refused(&fault),
        }
    }
}
