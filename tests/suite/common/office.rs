//! The operator's side: another process on the same database, as the command line is. It makes accounts and ends things.
use super::Convene;
use convene::auth::session::{Token, TokenKind};
use convene::room::ids::{KeyId, LoginId, Millis, UserId};
use convene::seal::{KeyRing, RootKey};
use convene::store::audit::{Action, Actor, By};
use convene::store::sessions::{self, Except, NewSession, Opened, Proof};
use convene::store::users::{self, Made, NewUser, Rank, Username};
use convene::store::{Settings, Store, keys};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

pub(crate) struct Office {
    store: Store,
    /// The server's own keys, as its backup holds them.
    pub(crate) ring: KeyRing,
}

/// A signed-in device.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) user: UserId,
    pub(crate) login: LoginId,
    pub(crate) token: String,
}

pub(crate) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    Millis(i64::try_from(since.as_millis()).expect("not that late"))
}

fn by() -> By {
    By { actor: Actor::Operator, source: None, at: now() }
}

impl Office {
    pub(crate) async fn of(server: &Convene) -> Self {
        let database = server.database();
        let hex = std::fs::read_to_string(database.with_file_name("keys").join("1.key")).expect("a key");
        let digit = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex");
        let key = RootKey { id: 1, bytes: std::array::from_fn(digit) };
        let ring = KeyRing::new(vec![key]).expect("one key");
        let settings = Settings::new(server.database_url());
        let store = Store::connect(settings, Arc::new(ring.clone())).await.expect("the same database");
        Self { store, ring }
    }

    pub(crate) async fn makes_user(&self, name: &str) -> UserId {
        let id = UserId(Uuid::now_v7());
        let new = NewUser {
            id,
            name: name.to_owned(),
            username: Some(Username { text: name.to_owned(), key: name.to_lowercase() }),
            addresses: Vec::new(),
            password_hash: Some("$argon2id$no-password".to_owned()),
            rank: Rank::Member,
            locale: "en".to_owned(),
        };
        assert_eq!(users::make(&self.store, &by(), &new, &[]).await.unwrap(), Made::Made);
        id
    }

    /// Signs in on a new device, for an hour.
    pub(crate) async fn signs_in(&self, user: UserId) -> Device {
        self.signs_in_for(user, Duration::from_secs(3600)).await
    }

    pub(crate) async fn signs_in_for(&self, user: UserId, lasting: Duration) -> Device {
        let token = Token::random(TokenKind::Session);
        let login = LoginId(Uuid::now_v7());
        let session = NewSession {
            id: login,
            token_hash: token.hash(),
            device: "a test".to_owned(),
            face: "native".into(),
            expires_at: now().plus(i64::try_from(lasting.as_millis()).unwrap()),
        };
        let found = users::find(&self.store, user).await.unwrap().expect("there is this user");
        let proof = Proof::Password { changed_at: found.password_changed_at };
        let opened = sessions::open(&self.store, &by(), user, proof, &session, &[]).await.unwrap();
        assert!(matches!(opened, Opened::Opened(_)), "{opened:?}");
        Device { user, login, token: token.as_str().to_owned() }
    }

    /// A device of a new user.
    pub(crate) async fn device_of(&self, name: &str) -> Device {
        self.signs_in(self.makes_user(name).await).await
    }

    pub(crate) async fn signs_out(&self, device: &Device) {
        let ended = sessions::end(&self.store, &by(), device.user, device.login, Action::SignedOut).await;
        assert!(ended.unwrap());
    }

    /// Ends all sessions of the user but this one, as a new password does.
    pub(crate) async fn ends_all_but(&self, device: &Device) {
        let ended = sessions::end_all(&self.store, &by(), device.user, Except::This(device.login)).await;
        assert!(!ended.unwrap().is_empty());
    }

    /// Ends all sessions of the user, as a reset does.
    pub(crate) async fn ends_all(&self, user: UserId) {
        assert!(!sessions::end_all(&self.store, &by(), user, Except::None).await.unwrap().is_empty());
    }

    pub(crate) async fn disables(&self, user: UserId) {
        assert!(users::disable(&self.store, &by(), user).await.unwrap());
    }

    /// A key of this owner (`None`: the operator's), with its secret.
    pub(crate) async fn makes_key(&self, owner: Option<UserId>, scopes: &str) -> (KeyId, String) {
        let (id, secret) = (KeyId(Uuid::now_v7()), Token::random(TokenKind::ApiKey));
        let new = keys::NewKey {
            id,
            name: "a test's".to_owned(),
            owner,
            scopes: scopes.to_owned(),
            secret_hash: secret.hash(),
            prefix: secret.beginning().to_owned(),
            expires_at: None,
        };
        assert!(matches!(keys::make(&self.store, &by(), &new, 100).await.unwrap(), keys::Made::Made(_)));
        (id, secret.as_str().to_owned())
    }

    pub(crate) async fn revokes_key(&self, key: KeyId) {
        assert!(keys::revoke(&self.store, &by(), key, keys::Whose::Everybody).await.unwrap());
    }

    /// Makes a sleeping room an account's.
    pub(crate) async fn gives_room(&self, server: &Convene, code: &str, user: UserId) {
        let url = format!("sqlite://{}", server.database().display());
        let connection = Database::connect(&url).await.unwrap();
        let statement = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "UPDATE room SET owner_user = ?, owner_hash = '' \
             WHERE id = (SELECT room_id FROM room_key WHERE key = ?)",
            [user.to_string().into(), code.into()],
        );
        assert_eq!(connection.execute_raw(statement).await.unwrap().rows_affected(), 1);
        connection.close().await.unwrap();
    }

    /// Closes its connections, so that nothing of it runs on.
    pub(crate) async fn closes(self) {
        self.store.close().await.unwrap();
    }
}
