//! What others changed in the database and concerns live sockets: taken twice a second, and acted on at once.
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::{Parts, logins};
use crate::actors::directory::{Cause, Ended};
use crate::store::control::{News, Reader};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

pub(super) async fn run(parts: Parts, mut reader: Reader) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_down = false;
    loop {
        looks.tick().await;
        match reader.next(&parts.store, parts.clock.now()).await {
            Ok(news) => {
                is_down = false;
                for one in news {
                    act(&parts, one).await;
                }
            }
            Err(error) if !is_down => {
                is_down = true; // said once, not twice a second
                tracing::warn!(%error, "news can't be read; it is taken as soon as it can");
            }
            Err(_) => {}
        }
    }
}

async fn act(parts: &Parts, news: News) {
    let ended = match news {
        News::UserDisabled(user) | News::UserDeleted(user) => Ended::User(user),
        // not by the user: they may have signed in anew since
        News::SessionsEnded(_) => return logins::round(parts).await,
        News::SessionEnded(login) => Ended::Login(login),
        News::KeyRevoked(key) => {
            parts.ends.note_key(key, parts.clock.now());
            Ended::Key(key)
        }
    };
    parts.directory.end(ended, Cause::Revoked);
}
