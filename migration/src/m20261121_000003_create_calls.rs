//! Calls: from the first seat taken to the last released.
use crate::columns::{Columns, Uniqueness, index, of_room};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        let call = c
            .table("call")
            .col(c.id("id").not_null().primary_key())
            .col(c.id("room_id").not_null())
            .col(c.big("started_at").not_null())
            .col(c.big("paired_at").null())
            .col(c.big("ended_at").null())
            .col(c.int("peak").not_null())
            .col(c.big("written_at").not_null())
            .foreign_key(&mut of_room("call_of_room", "call"))
            .to_owned();
        manager.create_table(call).await?;
        index(manager, "call_by_room", "call", &["room_id", "started_at", "id"], Uniqueness::Plain).await?;
        index(manager, "call_by_end", "call", &["ended_at"], Uniqueness::Plain).await
    }
}
