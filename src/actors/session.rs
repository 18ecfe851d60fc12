//! The end of an account's session on a live connection: told a while before, then the connection is closed.
use std::sync::Arc;

use crate::room::footing::{Cause, Ended, Footing};

use super::line::Line;
use super::messages::{DirectoryMsg, SwitchboardMsg};
use super::outbox::Class;
use super::world::World;

/// How long before the end it is told for the first time, in ms; then with each ping.
const BEFORE_MS: i64 = 5 * 60 * 1_000;

/// Looks at one connection; called with each ping.
pub(super) fn watch(line: &Arc<Line>, world: &World) {
    let principal = line.principal();
    let (Footing::Account { login, .. }, Some(until)) = (&principal.footing, principal.until) else { return };
    let left = until.since(world.clock.now());
    if left <= 0 {
        let (ended, cause) = (Ended::Login(*login), Cause::Expired);
        world.directory.cast(DirectoryMsg::End { ended: ended.clone(), cause });
        world.switchboard.cast(SwitchboardMsg::End { ended, of: None, cause });
    } else if left <= BEFORE_MS {
        line.tell(|dialect| dialect.token_expiring(until), Class::Must);
    }
}
