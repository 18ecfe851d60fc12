//! The seats of one socket: each stands for a user in a room, as its client names both.
use super::ear::{Ear, Hub, Standing, ToEar};
use crate::actors::Reader;
use crate::actors::outbox::Outbox;
use std::sync::Arc;

/// Seats of one socket.
const MOST: usize = 32;

/// One seat; dropped, it is left.
pub(super) struct Pair {
    pub(super) ear: Arc<Ear>,
    pub(super) outbox: Arc<Outbox>,
    pub(super) reader: Reader,
}

/// All of a socket.
#[derive(Default)]
pub(super) struct Pairs(Vec<Pair>);

impl Pair {
    /// An ear, and the outbox that leads to it.
    pub(super) fn ear(hub: &Arc<Hub>, room: &Arc<str>, user: &Arc<str>) -> (Arc<Ear>, Arc<Outbox>) {
        let ear = Ear::new(hub, room.clone(), user.clone());
        let outbox = Outbox::packets(Box::new(ToEar(ear.clone())));
        (ear, outbox)
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        self.ear.is_over();
    }
}

impl Pairs {
    /// Forgets those that were ended by others.
    pub(super) fn tidy(&mut self) {
        self.0.retain(|pair| pair.ear.standing() == Standing::In);
    }

    pub(super) fn has(&self, room: &str, user: &str) -> bool {
        self.position(room, user).is_some()
    }

    pub(super) fn are_full(&self) -> bool {
        self.0.len() >= MOST
    }

    pub(super) fn add(&mut self, pair: Pair) {
        self.0.push(pair);
    }

    /// Hears what waits for all seats in that room: so none of it comes after what a seat hears alone.
    pub(super) fn flush(&self, room: &str) {
        self.0.iter().filter(|pair| *pair.ear.room == *room).for_each(|pair| pair.outbox.flush());
    }

    pub(super) fn take(&mut self, room: &str, user: &str) -> Option<Pair> {
        self.position(room, user).map(|at| self.0.swap_remove(at))
    }

    fn position(&self, room: &str, user: &str) -> Option<usize> {
        self.0.iter().position(|pair| *pair.ear.room == *room && *pair.ear.user == *user)
    }
}
