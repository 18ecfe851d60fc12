//! Sends what the outbox holds: each message is tried until it is handed over, refused for good, or no longer of use.
mod attempt;

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Parts, Stop};
use crate::mail::Mailer;
use crate::post::{Channel, Writer};
use crate::sms::Texter;
use crate::store::{StoreError, outbox};

/// How often it is looked without being rung for: retries, and what another process put there.
const LOOK: Duration = Duration::from_secs(1);

/// The ways out.
pub struct Outgoing {
    pub writer: Writer,
    pub mailer: Mailer,
    pub texter: Texter,
    /// Mails under way at once.
    pub mails: usize,
    /// Text messages under way at once.
    pub texts: usize,
    /// The longest that one try may take: after this and a little more, another server takes the message over.
    pub time_limit: Duration,
}

impl Outgoing {
    fn at_once(&self, channel: Channel) -> usize {
        match channel {
            Channel::Mail => self.mails,
            Channel::Sms => self.texts,
        }
    }
}

/// Runs until it is told to stop, and then until nothing is under way. One such loop for each channel: a dead mail
/// server holds up no text message.
pub(super) async fn run(parts: Parts, channel: Channel, mut stop: watch::Receiver<Stop>) {
    let mut under_way = JoinSet::new();
    let mut database = Database::Answers;
    loop {
        database = match take(&parts, channel, &mut under_way).await {
            Ok(()) => Database::Answers,
            Err(error) => {
                if database == Database::Answers {
                    tracing::warn!(channel = channel.word(), %error, "the outbox can't be read, it waits");
                }
                Database::Away
            }
        };
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop == Stop::Now) => break,
            Some(ended) = under_way.join_next() => log_panic(channel, ended),
            () = outbox::rung(&parts.store, channel) => {}
            () = sleep(LOOK) => {}
        }
    }
    while let Some(ended) = under_way.join_next().await {
        log_panic(channel, ended);
    }
}

/// An outage is told once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Database {
    Answers,
    Away,
}

/// Takes what is due, as much as may be under way at once.
async fn take(parts: &Parts, channel: Channel, under_way: &mut JoinSet<()>) -> Result<(), StoreError> {
    let room = parts.outgoing.at_once(channel).saturating_sub(under_way.len());
    let now = parts.clock.now();
    let lease = attempt::lease_ms(parts.outgoing.time_limit);
    for taken in outbox::take_due(&parts.store, channel, now, lease, room as u64).await? {
        under_way.spawn(attempt::attempt(parts.clone(), channel, taken));
    }
    let waiting = outbox::depth(&parts.store, channel).await?;
    parts.metrics.post_waits(channel.word(), waiting);
    Ok(())
}

/// The message's lease ends, and it is tried again.
fn log_panic(channel: Channel, ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(channel = channel.word(), %error, "a try to send a message broke off");
    }
}
