//! An account's share of the live sockets: each that is known to be its own counts, whether it said `hello` or came back to a seat.
use crate::dialect::close::Close;
use crate::fault::Fault;
use crate::room::footing::Ended;
use crate::room::ids::UserId;

use super::line::Line;
use super::world::World;

/// Counts the connection for the account, once, until it goes.
///
/// # Errors
/// [`Fault::Quota`] when the account has as many as it may.
pub(super) fn count(world: &World, line: &Line, user: UserId) -> Result<(), Fault> {
    if line.is_held_for(user) {
        return Ok(());
    }
    line.hold(user, world.gate.hold(line.source, user)?);
    Ok(())
}

/// The same for whoever has a seat now; one too many is closed.
pub(super) fn count_seat(world: &World, line: &Line, ties: &[Ended]) {
    let user = ties.iter().find_map(|tie| match tie {
        Ended::User(user) => Some(*user),
        _ => None, // says nothing of an account
    });
    if user.is_some_and(|user| count(world, line, user).is_err()) {
        line.outbox.close(Close::TooManyConnections);
    }
}
