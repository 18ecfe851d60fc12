//! What the operator does to users.
use serde_json::{Value, json};

use super::passwords::{self, NewPassword};
use super::{Done, Refused, by, now, time};
use crate::auth::email::Email;
use crate::auth::phone::Phone;
use crate::auth::username::Username;
use crate::cli::arguments::Order;
use crate::config::Config;
use crate::room::ids::UserId;
use crate::store::Store;
use crate::store::sessions::Except;
use crate::store::users::{self, Address, Changed, Made, NewUser, Rank, User};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Users read at once.
const PAGE: u32 = 500;

pub(super) async fn create(store: &Store, config: &Config, order: &Order) -> Result<Done, Refused> {
    let name = order.flag("name").map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refused::because("user create needs --name"))?;
    if name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(Refused::because("--name: 1 to 64 characters, no control characters"));
    }
    let username = order.flag("username").map(Username::parse).transpose()?;
    let addresses = addresses(order)?;
    let known: Vec<&str> =
        [order.flag("name"), order.flag("username"), order.flag("email")].into_iter().flatten().collect();
    let password = new_password(config, order, &addresses, &known).await?;
    if addresses.is_empty() && username.is_none() {
        return Err(Refused::because("give --email, --phone or --username: nobody could sign in"));
    }
    let new = NewUser {
        id: UserId(uuid::Uuid::now_v7()),
        name: name.to_owned(),
        username: username
            .map(|name| users::Username { text: name.as_str().to_owned(), key: name.key().to_owned() }),
        addresses,
        password_hash: password.as_ref().map(|password| password.hash.clone()),
        rank: if order.has("admin") { Rank::Admin } else { Rank::Member },
        locale: order.flag("locale").unwrap_or("en").chars().take(16).collect(),
    };
    match users::make(store, &by(), &new, &[]).await? {
        Made::Made => shown(store, new.id, password.and_then(|password| password.made)).await,
        Made::NameTaken => Err(Refused::because("--username: somebody has that name")),
        Made::AddressTaken => Err(Refused::because("somebody has that e-mail address or phone number")),
        Made::NoWayIn => Err(Refused::because("nobody could sign in to that account")),
    }
}

/// An account without an address gets a password, made here if none is given.
async fn new_password(
    config: &Config,
    order: &Order,
    addresses: &[Address],
    known: &[&str],
) -> Result<Option<NewPassword>, Refused> {
    if order.has("password-stdin") {
        return passwords::given(config, known).await.map(Some);
    }
    if addresses.is_empty() { passwords::made().await.map(Some) } else { Ok(None) }
}

fn addresses(order: &Order) -> Result<Vec<Address>, Refused> {
    let mut addresses = Vec::new();
    if let Some(email) = order.flag("email").map(Email::parse).transpose()? {
        addresses.push(Address::Email { text: email.as_str().to_owned(), key: email.key().to_owned() });
    }
    if let Some(phone) = order.flag("phone").map(Phone::parse).transpose()? {
        addresses.push(Address::Phone(phone.as_str().to_owned()));
    }
    Ok(addresses)
}

pub(super) async fn list(store: &Store) -> Result<Done, Refused> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = users::list(store, after, PAGE).await?;
        found.extend(page.users);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let line = |user: &User| {
        let ways = [user.username.as_deref(), user.email.as_deref(), user.phone.as_deref()];
        let ways: Vec<&str> = ways.into_iter().flatten().collect();
        let rank = if user.is_admin { " admin" } else { "" };
        format!("{} {}{rank} {} ({})", user.id, user.status.word(), user.name, ways.join(", "))
    };
    let lines = found.iter().map(line).collect();
    Ok(Done::Listed { json: json!({ "users": found.iter().map(view).collect::<Vec<_>>() }), lines })
}

pub(super) async fn show(store: &Store, about: &str) -> Result<Done, Refused> {
    let id = find(store, about).await?.id;
    shown(store, id, None).await
}

pub(super) async fn disable(store: &Store, about: &str) -> Result<Done, Refused> {
    let id = find(store, about).await?.id;
    users::disable(store, &by(), id).await?;
    shown(store, id, None).await
}

pub(super) async fn enable(store: &Store, about: &str) -> Result<Done, Refused> {
    let id = find(store, about).await?.id;
    users::enable(store, &by(), id).await?;
    shown(store, id, None).await
}

pub(super) async fn make_admin(store: &Store, about: &str) -> Result<Done, Refused> {
    let id = find(store, about).await?.id;
    users::set_rank(store, &by(), id, Rank::Admin).await?;
    shown(store, id, None).await
}

/// All sessions of the user end.
pub(super) async fn reset_password(store: &Store, config: &Config, order: &Order) -> Result<Done, Refused> {
    let user = find(store, &order.about).await?;
    let known: Vec<&str> = [Some(user.name.as_str()), user.username.as_deref(), user.email.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let password = if order.has("password-stdin") {
        passwords::given(config, &known).await?
    } else {
        passwords::made().await?
    };
    let seen = (user.id, user.password_changed_at);
    match users::set_password(store, &by(), seen, &password.hash, Except::None, &[]).await? {
        Changed::Changed(_) => shown(store, user.id, password.made).await,
        Changed::Gone | Changed::NameTaken => {
            Err(Refused::because("the account was changed at the same time: try again"))
        }
    }
}

/// The running server, or the next one, removes the account when its time has come: it can end the rooms that are awake.
pub(super) async fn delete(store: &Store, config: &Config, order: &Order) -> Result<Done, Refused> {
    let id = find(store, &order.about).await?.id;
    let delete_after = if order.has("now") {
        users::disable(store, &by(), id).await?; // so that no sign-in brings it back
        now()
    } else {
        let days = i64::try_from(config.auth.delete_grace_days.get()).unwrap_or(i64::MAX);
        now().plus(days.saturating_mul(DAY_MS))
    };
    users::ask_deletion(store, &by(), id, delete_after, &[]).await?;
    shown(store, id, None).await
}

async fn shown(store: &Store, id: UserId, password: Option<String>) -> Result<Done, Refused> {
    let user = users::find(store, id).await?.ok_or_else(|| Refused::because("the account is gone"))?;
    let mut view = view(&user);
    if let Some(password) = password {
        view["password"] = password.into();
    }
    Ok(Done::Shown(view))
}

/// By id, e-mail address, phone number (beginning with `+`) or username.
pub(super) async fn find(store: &Store, about: &str) -> Result<User, Refused> {
    let found = if let Ok(id) = about.parse() {
        users::find(store, id).await?
    } else if about.contains('@') {
        users::by_email(store, Email::parse(about)?.key()).await?
    } else if about.starts_with('+') {
        users::by_phone(store, Phone::parse(about)?.as_str()).await?
    } else {
        match Username::key_of(about) {
            Some(key) => users::by_username(store, &key).await?,
            None => None,
        }
    };
    found.ok_or_else(|| Refused::because(format!("there is no user {about}")))
}

fn view(user: &User) -> Value {
    json!({
        "id": user.id.to_string(),
        "name": user.name,
        "username": user.username,
        "email": user.email,
        "phone": user.phone,
        "status": user.status.word(),
        "is_admin": user.is_admin,
        "has_password": user.password_hash.is_some(),
        "locale": user.locale,
        "created_at": time(user.created_at),
        "delete_after": user.delete_after.map(time),
    })
}
