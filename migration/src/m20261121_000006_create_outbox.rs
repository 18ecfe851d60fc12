//! The outbox: mails and text messages on their way out, written beside the change that they tell of.
use crate::columns::{Columns, Uniqueness, index};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        let outbox = c
            .table("outbox")
            .col(c.id("id").not_null().primary_key())
            .col(c.word("channel", 16).not_null())
            .col(c.word("kind", 32).not_null())
            .col(c.bytes("secret", 4096).null())
            .col(c.int("tries").not_null())
            .col(c.big("next_at").null())
            .col(c.big("created_at").not_null())
            .col(c.big("sent_at").null())
            .col(c.big("failed_at").null())
            .col(c.word("error", 191).null())
            .to_owned();
        manager.create_table(outbox).await?;
        index(manager, "outbox_due", "outbox", &["next_at"], Uniqueness::Plain).await?;
        index(manager, "outbox_by_age", "outbox", &["created_at"], Uniqueness::Plain).await
    }
}
