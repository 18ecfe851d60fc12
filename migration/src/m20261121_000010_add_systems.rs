//! On which system's face a room was made and how long it stays; and the small numbers by which some systems name users.
use crate::columns::{Columns, of};
use crate::m20261121_000008_add_owners::add;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        add(manager, "room", "expire_ms", c.big("expire_ms")).await?;
        add(manager, "room", "face", c.word("face", 16)).await?;
        let numbers = c
            .table("user_number")
            .col(c.big("number").not_null().auto_increment().primary_key())
            .col(c.id("user_id").not_null().unique_key())
            .foreign_key(&mut of("user_number_user", ("user_number", "user_id"), "user"))
            .to_owned();
        manager.create_table(numbers).await
    }
}
