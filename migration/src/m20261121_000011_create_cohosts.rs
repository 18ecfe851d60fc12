//! Who may run a room beside its owner, by account.
use crate::columns::{Columns, Uniqueness, index, of, of_room};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        let cohosts = c
            .table("cohost")
            .col(c.id("room_id").not_null())
            .col(c.id("user_id").not_null())
            .col(c.big("created_at").not_null())
            .primary_key(Index::create().col("room_id").col("user_id"))
            .foreign_key(&mut of_room("cohost_of_room", "cohost"))
            .foreign_key(&mut of("cohost_user", ("cohost", "user_id"), "user"))
            .to_owned();
        manager.create_table(cohosts).await?;
        index(manager, "cohost_by_user", "cohost", &["user_id"], Uniqueness::Plain).await
    }
}
