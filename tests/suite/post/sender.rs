//! A running server with messages in its outbox, put there as another process would.
use std::sync::Arc;

use convene::post::{CodeFor, Hidden, Locale, Notice, Post, PostId, To};
use convene::room::ids::Millis;
use convene::seal::{KeyRing, RootKey};
use convene::store::outbox::{NewMessage, put};
use convene::store::{Settings, Store};
use convene_entity::outbox::{Entity, Model};
use sea_orm::{EntityTrait, TransactionTrait};

use crate::common::Convene;

/// The server's key, known to the test: what it puts into the outbox the server can open.
const KEY: [u8; 32] = [9; 32];

pub(super) struct Sender {
    pub(super) convene: Convene,
    store: Store,
}

impl Sender {
    pub(super) async fn start(changes: &[(&str, &str)]) -> Self {
        let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
        let convene = Convene::start_with(&[changes, &[("AUTH__SECRET", &*key)]].concat()).await;
        let keys = Arc::new(KeyRing::new(vec![RootKey { id: 0, bytes: KEY }]).unwrap());
        let url = format!("sqlite://{}", convene.database().display());
        let store = Store::connect(Settings::new(url), keys).await.unwrap();
        Self { convene, store }
    }

    /// Puts a message that was made so many hours ago.
    pub(super) async fn puts(&self, to: To, notice: Notice, hours_ago: i64) -> PostId {
        let at = Millis(jiff::Timestamp::now().as_millisecond()).plus(-hours_ago * 3_600_000);
        let message = NewMessage::new(Post { to, locale: Locale::En, notice }, at);
        let transaction = self.store.connection().begin().await.unwrap();
        put(&self.store, &transaction, &message).await.unwrap();
        transaction.commit().await.unwrap();
        message.id
    }

    pub(super) async fn puts_code(&self, to: To) -> PostId {
        let notice = Notice::Code { opens: CodeFor::SignUp, code: Hidden::new("135790"), minutes: 5 };
        self.puts(to, notice, 0).await
    }

    /// The row, once it is sent or given up.
    pub(super) async fn settles(&self, id: PostId) -> Model {
        self.convene
            .until_so(&format!("{id} is settled"), async || self.row(id).await.next_at.is_none())
            .await;
        self.row(id).await
    }

    pub(super) async fn row(&self, id: PostId) -> Model {
        let find = Entity::find_by_id(id.to_string());
        find.one(self.store.connection()).await.unwrap().expect("the row is there")
    }

    pub(super) fn counted(&self, line: &str) -> bool {
        self.convene.metrics.render().lines().any(|found| found == line)
    }

    pub(super) async fn stop(self) {
        self.store.close().await.unwrap();
        self.convene.stop().await;
    }
}

pub(super) fn mail_to(address: &str) -> To {
    To::Mail(Hidden::new(address))
}

pub(super) fn text_to(number: &str) -> To {
    To::Sms(Hidden::new(number))
}
