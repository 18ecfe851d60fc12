//! How many live sockets each account has, so that none has more than its share.
use crate::actors::gate::Held;
use crate::fault::Fault;
use crate::room::ids::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts live sockets by account; remembers only accounts that have some.
#[derive(Debug)]
pub(super) struct Sockets {
    most: usize,
    open: Mutex<HashMap<UserId, usize>>,
}

impl Sockets {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, open: Mutex::default() })
    }

    /// # Errors
    /// [`Fault::Quota`] when the account has as many as it may.
    pub(super) fn enter(self: &Arc<Self>, user: UserId) -> Result<Held, Fault> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&user).copied().unwrap_or(0);
        if count >= self.most {
            return Err(Fault::Quota);
        }
        open.insert(user, count + 1);
        let sockets = self.clone();
        Ok(Held::new(move || sockets.leave(user)))
    }

    fn leave(&self, user: UserId) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&user) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                open.remove(&user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_account_has_its_share_and_nothing_is_remembered_of_those_who_left() {
        let (sockets, user) = (Sockets::new(2), |n| UserId(Uuid::from_u128(n)));
        let (phone, laptop) = (sockets.enter(user(1)).unwrap(), sockets.enter(user(1)).unwrap());
        assert_eq!(sockets.enter(user(1)).err(), Some(Fault::Quota));
        let other = sockets.enter(user(2)).unwrap();
        drop(phone);
        let tablet = sockets.enter(user(1)).unwrap();
        assert_eq!(sockets.enter(user(1)).err(), Some(Fault::Quota));
        drop((laptop, tablet, other));
        assert!(sockets.open.lock().unwrap().is_empty());
    }
}
