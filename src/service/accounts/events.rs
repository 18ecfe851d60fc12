//! What happened to one's account, page by page.
use super::view::Happened;
use super::{Accounts, away};
use crate::fault::Fault;
use crate::room::ids::Millis;
use crate::service::caller::SignedIn;
use crate::store::audit::{self, Cursor, Whose};

impl Accounts {
    /// A page, the newest first, and where the next one goes on.
    ///
    /// # Errors
    /// [`Fault::InvalidField`] for a cursor that no page gave; [`Fault::StorageUnavailable`].
    pub async fn events(
        &self,
        who: SignedIn,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<Happened>, Option<String>), Fault> {
        let after = cursor.map(read).transpose()?;
        let whose = Whose::User(who.user);
        let page = audit::list(&self.0.store, whose, after.as_ref(), limit).await.map_err(away)?;
        let next = page.next.map(|next| format!("{}.{}", next.at.0, next.id));
        Ok((page.events.into_iter().map(Happened::from).collect(), next))
    }
}

fn read(text: &str) -> Result<Cursor, Fault> {
    let parts = text.split_once('.').and_then(|(at, id)| {
        let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(Cursor { at: Millis(at.parse().ok()?), id: id.to_owned() }).filter(|_| is_id)
    });
    parts.ok_or_else(|| Fault::field("cursor", "not the next of an earlier page"))
}
