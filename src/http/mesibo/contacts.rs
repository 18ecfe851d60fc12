//! Address books and groups, synchronised; and what one says of oneself.
use super::answer::{Item, Object, Said};
use super::login::digits;
use super::{Asked, Parts, name, nothing};
use crate::fault::Fault;
use crate::room::ids::Millis;
use crate::service::accounts::{Account, Profile};
use crate::service::caller::SignedIn;
use crate::service::contacts::{Card, Found, MOST_NUMBERS};
use crate::service::groups::{OwnerIsFirst, Seen};

/// Digits that make no number yet, and that none has (ITU-T E.164).
const TOO_FEW: usize = 6;
const MOST_DIGITS: usize = 15;

impl Parts {
    /// With numbers: those of them that are somebody's here. Without: what changed of all before, and groups.
    pub(super) async fn get_contacts(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        let account = self.accounts.me(who).await?;
        if account.phone.is_none() {
            return Ok(Said::NobodySignedIn); // by the contract: such a token is none here
        }
        let resets = asked.has("reset");
        if resets {
            self.contacts.forget_all(who).await?;
        }
        let wanted = numbers(&asked.fields.list("phones"));
        let contacts = if wanted.is_empty() {
            let since = Millis(asked.text("ts").parse().unwrap_or(0_i64).saturating_mul(1_000).max(0));
            let mut rows = Vec::new();
            if !resets {
                rows.extend(self.contacts.since(who, since).await?.iter().map(contact));
            }
            rows.extend(self.groups.changed_since(who, since).await?.iter().map(group));
            rows
        } else {
            self.contacts.look_up(who, &wanted).await?.iter().map(contact).collect()
        };
        let card = self.contacts.card(who.user).await?;
        let fields = nothing()
            .item("contacts", Item::List(contacts))
            .item("u", Item::Object(oneself(&account, &card)))
            .and(self.invitation(asked))
            .and(self.places(asked));
        Ok(Said::Done(fields))
    }

    pub(super) async fn delete_contacts(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        self.contacts.forget(who, &numbers(&asked.fields.list("phones"))).await?;
        Ok(Said::done())
    }

    /// `name`, `status`; what is not there stays.
    pub(super) async fn set_profile(&self, who: SignedIn, asked: &Asked) -> Result<Said, Fault> {
        let name = name(asked.text("name"));
        let named = !name.is_empty();
        if named {
            let wish = Profile { name: Some(name), username: None, locale: None };
            self.accounts.change(who, wish, &asked.visit).await?;
        }
        match asked.fields.maybe("status") {
            Some(status) => self.contacts.say(who, status).await?,
            None if named => self.contacts.note(who).await?,
            None => {} // only asked
        }
        let (account, card) = (self.accounts.me(who).await?, self.contacts.card(who.user).await?);
        let photo = card.photo.map(|photo| photo.file).unwrap_or_default();
        let fields = nothing().text("name", account.name).text("status", card.status).text("photo", photo);
        Ok(Said::Done(fields))
    }
}

/// Those that can be numbers, in E.164.
fn numbers(texts: &[String]) -> Vec<String> {
    let numbers = texts.iter().map(|text| digits(text));
    let good = numbers.filter(|digits| (TOO_FEW + 1..=MOST_DIGITS).contains(&digits.len()));
    good.take(MOST_NUMBERS).map(|digits| format!("+{digits}")).collect()
}

fn contact(found: &Found) -> Object {
    let photo = found.card.photo.as_ref();
    let row = nothing()
        .text("name", found.name.as_str())
        .text("status", found.card.status.as_str())
        .text("phone", found.phone.trim_start_matches('+'))
        .text("photo", photo.map_or("", |photo| photo.file.as_str()))
        .text("gid", "0")
        .text("ts", seconds(found.changed_at));
    match photo {
        Some(photo) => row.text("tn", photo.thumbnail.as_str()),
        None => row,
    }
}

fn group(seen: &Seen) -> Object {
    nothing()
        .text("gid", seen.gid.to_string())
        .text("name", &*seen.name)
        .text("members", members(seen))
        .text("phone", "")
        .text("status", "")
        .text("photo", "")
        .text("ts", seconds(seen.changed_at))
}

/// How many of the first may run the group, and all numbers: `1:919876543210,4915123456789`.
pub(super) fn members(seen: &Seen) -> String {
    let admins = match seen.owner_is_first {
        OwnerIsFirst::Yes => 1,
        OwnerIsFirst::No => 0,
    };
    let phones: Vec<_> = seen.phones.iter().map(|phone| phone.trim_start_matches('+')).collect();
    format!("{admins}:{}", phones.join(","))
}

fn oneself(account: &Account, card: &Card) -> Object {
    let phone = account.phone.as_deref().unwrap_or_default();
    nothing()
        .text("connection_status", "")
        .text("name", account.name.as_str())
        .text("phone", phone.trim_start_matches('+'))
        .text("photo", card.photo.as_ref().map_or("", |photo| photo.file.as_str()))
        .text("status", card.status.as_str())
        .text("ts", seconds(card.changed_at.unwrap_or(account.created_at)))
}

fn seconds(at: Millis) -> String {
    (at.0 / 1_000).to_string()
}
