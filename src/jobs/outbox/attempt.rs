//! One try to send one message, and what follows from it: done, again later, or given up loudly.
use std::time::Duration;

use rand::RngExt;
use tokio::time::{Instant, sleep};

use crate::jobs::Parts;
use crate::post::{Channel, Failure, Handed, Post, Written};
use crate::store::StoreError;
use crate::store::outbox::{self, Taken};

const SECOND: i64 = 1_000;
const HOUR: i64 = 60 * 60 * SECOND;

/// Each pause is so many times the one before, from a second up to an hour.
const FACTOR: i64 = 3;

/// After a day without success a message is given up.
const LONGEST: i64 = 24 * HOUR;

/// What a lease is longer than a try may take: for the database around it.
const SLACK: Duration = Duration::from_secs(60);

pub(super) fn lease_ms(time_limit: Duration) -> i64 {
    i64::try_from((time_limit + SLACK).as_millis()).unwrap_or(i64::MAX)
}

/// What became of a try.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Sent,
    /// It is tried again after so many milliseconds.
    Again(i64, String),
    GivenUp(String),
}

pub(super) async fn attempt(parts: Parts, channel: Channel, taken: Taken) {
    let outcome = match sendable(&parts, &taken) {
        Ok(post) => send(&parts, &taken, post).await,
        Err(failure) => Err(failure),
    };
    let age = parts.clock.now().since(taken.created_at);
    let fate = fate(outcome, age, pause_ms(taken.tries));
    tell(&parts, channel, &taken, &fate);
    write_down(&parts, &taken, &fate).await;
}

fn fate(outcome: Result<(), Failure>, age: i64, pause: i64) -> Fate {
    match outcome {
        Ok(()) => Fate::Sent,
        Err(Failure::Later(why)) if age.saturating_add(pause) <= LONGEST => Fate::Again(pause, why),
        Err(Failure::Later(why) | Failure::Never(why)) => Fate::GivenUp(why),
    }
}

/// What it says, unless it is no longer of use to anybody.
fn sendable<'a>(parts: &Parts, taken: &'a Taken) -> Result<&'a Post, Failure> {
    // the operator can put the right key back
    let unreadable = || Failure::Later("its content doesn't open: the server key was another one".to_owned());
    let post = taken.post.as_ref().ok_or_else(unreadable)?;
    let age = parts.clock.now().since(taken.created_at);
    match post.notice.minutes() {
        Some(minutes) if age >= i64::from(minutes) * 60 * SECOND => {
            Err(Failure::Never("what it holds has run out".to_owned()))
        }
        _ => Ok(post), // what holds no code and no link stays true
    }
}

async fn send(parts: &Parts, taken: &Taken, post: &Post) -> Result<(), Failure> {
    let outgoing = &parts.outgoing;
    let written = outgoing.writer.write(taken.id, post);
    let handed = match written.map_err(|error| Failure::Never(format!("it can't be written: {error}")))? {
        Written::Mail(letter) => outgoing.mailer.send(&letter).await?,
        Written::Sms(line) => outgoing.texter.send(&line).await?,
    };
    if let Handed::To(file) = handed {
        tracing::info!(
            post.id = %taken.id, post.kind = taken.kind, file = %file.display(),
            "a message was put into its file",
        );
    }
    Ok(())
}

fn tell(parts: &Parts, channel: Channel, taken: &Taken, fate: &Fate) {
    let channel = channel.word();
    match fate {
        Fate::Sent => parts.metrics.posted(channel, "sent"),
        Fate::Again(pause, why) => {
            parts.metrics.posted(channel, "retried");
            tracing::warn!(
                post.id = %taken.id, post.kind = taken.kind, post.tries = taken.tries, channel, why,
                again_in_ms = pause, "a message was not sent, it is tried again",
            );
        }
        Fate::GivenUp(why) => {
            parts.metrics.posted(channel, "given_up");
            tracing::error!(
                post.id = %taken.id, post.kind = taken.kind, post.tries = taken.tries, channel, why,
                "a message was given up, nobody will get it",
            );
        }
    }
}

/// Tries again while the lease lasts, since whoever takes the message up afterwards sends it twice.
async fn write_down(parts: &Parts, taken: &Taken, fate: &Fate) {
    let ends = Instant::now() + SLACK;
    let mut pause = Duration::from_millis(200);
    while let Err(error) = write(parts, taken, fate).await {
        if Instant::now() + pause >= ends {
            tracing::error!(post.id = %taken.id, %error, "a message's fate can't be written down: it may be sent twice");
            return;
        }
        sleep(pause).await;
        pause *= 2;
    }
}

async fn write(parts: &Parts, taken: &Taken, fate: &Fate) -> Result<(), StoreError> {
    let (store, now) = (&parts.store, parts.clock.now());
    match fate {
        Fate::Sent => outbox::sent(store, taken, now).await,
        Fate::Again(pause, why) => outbox::retry(store, taken, now.plus(*pause), why).await,
        Fate::GivenUp(why) => outbox::give_up(store, taken, now, why).await,
    }
}

/// 1 s, 3 s, 9 s … up to an hour, each up to a fifth longer or shorter, so that many don't come back at once.
fn pause_ms(tries: u32) -> i64 {
    let plain = SECOND.saturating_mul(FACTOR.saturating_pow(tries.saturating_sub(1))).min(HOUR);
    rand::rng().random_range(plain - plain / 5..=plain + plain / 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_grow_from_a_second_to_an_hour() {
        let around = |plain: i64| plain - plain / 5..=plain + plain / 5;
        let plain = [1, 3, 9, 27, 81, 243, 729, 2_187, 3_600, 3_600].map(|seconds| seconds * SECOND);
        for (tries, plain) in (1..).zip(plain) {
            assert!(around(plain).contains(&pause_ms(tries)), "after try {tries}");
        }
        assert!(around(HOUR).contains(&pause_ms(u32::MAX)));
    }

    #[test]
    fn a_message_is_tried_for_a_day() {
        let later = || Err(Failure::Later("away".to_owned()));
        assert_eq!(fate(later(), LONGEST - HOUR, HOUR), Fate::Again(HOUR, "away".to_owned()));
        assert_eq!(fate(later(), LONGEST - HOUR + 1, HOUR), Fate::GivenUp("away".to_owned()));
        assert_eq!(fate(Err(Failure::Never("no".to_owned())), 0, SECOND), Fate::GivenUp("no".to_owned()));
        assert_eq!(fate(Ok(()), LONGEST * 2, HOUR), Fate::Sent);
    }

    #[test]
    fn a_lease_outlives_the_longest_try() {
        assert!(lease_ms(Duration::from_secs(30)) > 30_000);
    }
}
