//! How much may be sent, and how often one may be wrong: per target, per source, over restarts.
use super::{Accounts, Visit, after, away, now};
use crate::auth::guesses::Budget as Guessing;
use crate::auth::throttle;
use crate::fault::Fault;
use crate::service::limits::Source;
use crate::store::sent::{self, Budget, Taken, Window};
use crate::store::users::Address;
use std::time::Duration;

/// Sources and targets whose failures are remembered.
pub(super) const REMEMBERED: usize = 100_000;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The operator's figures, `limits.*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budgets {
    /// Codes and links sent to one address or number.
    pub codes_per_minute: u64,
    pub codes_per_hour: u64,
    pub codes_per_day: u64,
    /// Codes and links asked for by one source; lifted for trusted ones.
    pub codes_per_hour_per_source: u64,
    /// Wrong passwords, codes and links of one source in a minute. Guessing: trusted sources have no more.
    pub failures_per_minute: usize,
    /// Wrong passwords in a row before each further one has to wait, 1 s and twice as long each time.
    pub free_failures: u32,
}

impl Budgets {
    pub(super) fn throttle(&self) -> throttle::Settings {
        throttle::Settings {
            free: self.free_failures,
            most_keys: REMEMBERED,
            ..throttle::Settings::default()
        }
    }

    pub(super) fn failures(&self) -> Guessing {
        Guessing { count: self.failures_per_minute.max(1), within: Duration::from_secs(60) }
    }
}

impl Accounts {
    /// Counts one message to an address before anything is known of it: known and unknown ones have the same budget.
    ///
    /// # Errors
    /// [`Fault::RateLimited`], [`Fault::StorageUnavailable`]
    pub(super) async fn may_send(&self, to: &Address, visit: &Visit) -> Result<(), Fault> {
        self.may_send_so_often(to, visit, u64::MAX).await
    }

    /// The same, with so many in a minute at most.
    ///
    /// # Errors
    /// As [`Self::may_send`].
    pub(super) async fn may_send_so_often(
        &self,
        to: &Address,
        visit: &Visit,
        in_a_minute: u64,
    ) -> Result<(), Fault> {
        let budgets = &self.0.settings.budgets;
        let windows = [
            (MINUTE_MS, budgets.codes_per_minute.min(in_a_minute)),
            (HOUR_MS, budgets.codes_per_hour),
            (24 * HOUR_MS, budgets.codes_per_day),
        ];
        let mut asked = vec![self.budget("to", to.key(), &windows)];
        if !self.0.limits.trusts(visit.from) {
            let windows = [(HOUR_MS, budgets.codes_per_hour_per_source)];
            asked.push(self.budget("from", &Source::of(visit.from).to_string(), &windows));
        }
        match sent::take(&self.0.store, now(), &asked).await.map_err(away)? {
            Taken::Yes => Ok(()),
            Taken::UsedUp { retry_after_ms } => Err(after(retry_after_ms)),
        }
    }

    fn budget(&self, kind: &'static str, target: &str, windows: &[(i64, u64)]) -> Budget {
        let hash = self.target_hash(kind, target);
        Budget {
            target_hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            kind,
            windows: windows.iter().map(|&(ms, most)| Window { ms, most }).collect(),
        }
    }
}
