//! Servers (when each was last alive) and remembered answers to requests with an idempotency key.
use crate::columns::{Columns, Uniqueness, index};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        let server = c
            .table("server")
            .col(c.word("id", 64).not_null().primary_key())
            .col(c.big("started_at").not_null())
            .col(c.big("alive_at").not_null())
            .col(c.big("seats_since").not_null())
            .to_owned();
        manager.create_table(server).await?;
        let idempotency = c
            .table("idempotency")
            .col(c.word("scope", 128).not_null())
            .col(c.word("key_hash", 64).not_null())
            .col(c.word("request_hash", 64).not_null())
            .col(c.int("status").not_null())
            .col(c.word("resource_id", 64).not_null())
            .col(c.bytes("secret", 1024).null())
            .col(c.big("created_at").not_null())
            .primary_key(Index::create().col("scope").col("key_hash"))
            .to_owned();
        manager.create_table(idempotency).await?;
        index(manager, "idempotency_by_age", "idempotency", &["created_at"], Uniqueness::Plain).await
    }
}
