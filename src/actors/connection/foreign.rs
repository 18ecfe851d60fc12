//! What the frames of foreign dialects become: whoever decodes them says what is wanted, one after the other.
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::dialect::Wanted;
use crate::dialect::close::Close;
use crate::fault::Fault;
use crate::room::command::Command;

use super::super::line::Place;
use super::super::room_ref::Ticket;
use super::super::share;
use super::enter;
use super::reader::Reader;

/// Whether a token that was shown is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Good,
    /// Whoever showed it stays a guest.
    Bad,
}

impl Reader {
    /// Takes what shows somebody's account; the connection is that from now on.
    pub async fn recognise(&mut self, token: Arc<str>) -> Shown {
        let Ok(principal) = self.world.gate.identify(token).await else { return Shown::Bad };
        if let Some(user) = principal.footing.user()
            && share::count(&self.world, &self.line, user).is_err()
        {
            self.line.outbox.close(Close::TooManyConnections);
            return Shown::Bad;
        }
        self.line.is(principal);
        Shown::Good
    }

    /// A client whose page opens its socket long before it has anything to say: its pongs alone show that it lives.
    pub fn takes_its_time(&self) {
        self.line.greet();
    }

    /// Counts a frame that reaches no room, from a client that is looked after in another way than by its frames.
    ///
    /// # Errors
    /// [`Fault::RateLimited`] when its source sends too many.
    pub fn counts(&mut self) -> Result<(), Fault> {
        self.world.metrics.messages.received.inc();
        self.line.greet();
        self.pace().inspect_err(|fault| self.world.metrics.refused(fault.code()))
    }

    /// Leaves the room it sits in, and waits until it is gone from there.
    pub async fn leave(&mut self) {
        if let Place::Seated { room } = self.line.settled().await {
            enter::leave(self, room).await;
        }
    }

    /// Asks the room for one thing and waits for its decision, and before that for the rates: what comes too fast is held
    /// back, and nothing more of this socket is read meanwhile.
    ///
    /// # Errors
    /// Why the room refuses it. [`Fault::RateLimited`] only once the socket is `over`, or if it has no seat.
    pub async fn ask(&mut self, command: Command, over: impl Future<Output = ()>) -> Result<(), Fault> {
        self.counts()?; // of a socket without a seat nothing waits: there is no room to hear it
        let mut over = pin!(over);
        loop {
            let Err(fault) = self.ask_once(command.clone()).await else { return Ok(()) };
            let Fault::RateLimited { retry_after_ms } = fault else { return Err(fault) };
            tokio::select! {
                () = sleep(Duration::from_millis(retry_after_ms)) => {}
                () = &mut over => return Err(fault),
            }
        }
    }

    async fn ask_once(&self, command: Command) -> Result<(), Fault> {
        let permit = self.line.permits.clone().acquire_owned().await;
        let permit = permit.map_err(|_| Fault::NotJoined)?; // closed with the socket
        let (ticket, decision) = Ticket::deciding(self.line.clone(), None, permit);
        self.bring(None, command, ticket).await;
        decision.await.unwrap_or(Err(Fault::Internal))
    }

    /// Does what is wanted, or sends it to the room. Waits while too much of this socket is on its way, and for the
    /// decision about an entry, so that what comes behind it knows where it goes. What is refused is told as far as the
    /// dialect has words for it.
    pub async fn want(&mut self, wanted: Wanted) {
        self.world.metrics.messages.received.inc();
        let Ok(permit) = self.line.permits.clone().acquire_owned().await else { return };
        self.line.greet();
        if let Err(fault) = self.pace() {
            return self.refuse(None, fault);
        }
        match wanted {
            Wanted::Enter(entry) => Box::pin(enter::by_entry(self, *entry, permit)).await,
            Wanted::Leave => self.pass_on(None, Command::Leave, permit).await,
            Wanted::Ask(command) => self.pass_on(None, *command, permit).await,
            Wanted::Speaks(dialect) => self.line.speaks(dialect),
        }
    }
}
