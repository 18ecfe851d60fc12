//! Everything that is kept about one: account, devices, keys, rooms, calls, what one said and what happened; whom
//! one has in the address book, what one shows there, and which rooms know one's PIN.
use super::view::{Account, Device, Happened, KeyInfo};
use super::{Accounts, Visit, away};
use crate::fault::Fault;
use crate::room::chat::Message;
use crate::room::event::RoomView;
use crate::room::ids::{Millis, RoomId};
use crate::service::caller::SignedIn;
use crate::service::rooms::seen_by_owner;
use crate::store::audit::{self, Action, Actor};
use crate::store::calls::{self, MyCall};
use crate::store::cards::{self, Card};
use crate::store::{members, messages, rooms};
use serde_json::json;

/// Items on each page that is read.
const PAGE: u32 = 100;
/// Pages of one kind at most: an export is one answer, not a stream.
const PAGES: usize = 100;

/// All of it.
#[derive(Debug)]
pub struct Export {
    pub account: Account,
    pub devices: Vec<Device>,
    pub keys: Vec<KeyInfo>,
    pub rooms: Vec<RoomView>,
    pub calls: Vec<MyCall>,
    /// What one said, by room and in order.
    pub messages: Vec<(RoomId, Message)>,
    pub events: Vec<Happened>,
    /// Numbers (E.164) in one's address book.
    pub contacts: Vec<String>,
    pub card: Card,
    /// Rooms to which one has shown a PIN, and when last.
    pub memberships: Vec<(RoomId, Millis)>,
}

impl Accounts {
    /// # Errors
    /// [`Fault::StorageUnavailable`]
    pub async fn export(&self, who: SignedIn, visit: &Visit) -> Result<Export, Fault> {
        let by = self.by(Actor::User(who.user), visit);
        let kept = audit::record(&self.0.store, &by, Some(who.user), Action::DataExported, json!({}));
        kept.await.map_err(away)?;
        Ok(Export {
            account: self.me(who).await?,
            devices: self.devices(who).await?,
            keys: self.keys(who).await?,
            rooms: self.all_rooms(who).await?,
            calls: self.all_calls(who).await?,
            messages: self.all_messages(who).await?,
            events: self.all_events(who).await?,
            contacts: cards::numbers_of(&self.0.store, who.user).await.map_err(away)?,
            card: cards::find(&self.0.store, who.user).await.map_err(away)?,
            memberships: self.memberships(who).await?,
        })
    }

    async fn memberships(&self, who: SignedIn) -> Result<Vec<(RoomId, Millis)>, Fault> {
        let most = u64::from(PAGE) * PAGES as u64;
        let found = members::of_user(&self.0.store, who.user, most).await.map_err(away)?;
        Ok(found.into_iter().map(|(member, _)| (member.room, member.joined_at)).collect())
    }

    async fn all_rooms(&self, who: SignedIn) -> Result<Vec<RoomView>, Fault> {
        let (mut all, mut after) = (Vec::new(), None);
        for _ in 0..PAGES {
            let whose = rooms::Whose::User(who.user);
            let page = rooms::list(&self.0.store, whose, after, PAGE).await.map_err(away)?;
            all.extend(page.rooms.into_iter().map(seen_by_owner));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(all)
    }

    async fn all_calls(&self, who: SignedIn) -> Result<Vec<MyCall>, Fault> {
        let (mut all, mut after) = (Vec::new(), None);
        for _ in 0..PAGES {
            let whose = rooms::Whose::User(who.user);
            let page = calls::mine(&self.0.store, whose, after, PAGE).await.map_err(away)?;
            all.extend(page.calls);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(all)
    }

    async fn all_messages(&self, who: SignedIn) -> Result<Vec<(RoomId, Message)>, Fault> {
        let (mut all, mut after): (Vec<(RoomId, Message)>, _) = (Vec::new(), None);
        for _ in 0..PAGES {
            let page = messages::said_by(&self.0.store, who.user, after, PAGE.into()).await.map_err(away)?;
            let Some((room, last)) = page.last() else { break };
            after = Some((*room, last.no));
            all.extend(page);
        }
        Ok(all)
    }

    async fn all_events(&self, who: SignedIn) -> Result<Vec<Happened>, Fault> {
        let (mut all, mut cursor) = (Vec::new(), None);
        for _ in 0..PAGES {
            let (events, next) = self.events(who, cursor.as_deref(), PAGE).await?;
            all.extend(events);
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(all)
    }
}
