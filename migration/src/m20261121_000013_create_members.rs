//! Who may enter a room by a PIN they have shown; whom people look for by number, and what they show of themselves.
use crate::columns::{Columns, Uniqueness, index, of, of_room};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        let members = c
            .table("member")
            .col(c.id("room_id").not_null())
            .col(c.id("user_id").not_null())
            .col(c.word("proof", 64).not_null())
            .col(c.big("joined_at").not_null())
            .primary_key(Index::create().col("room_id").col("user_id"))
            .foreign_key(&mut of_room("member_of_room", "member"))
            .foreign_key(&mut of("member_user", ("member", "user_id"), "user"))
            .to_owned();
        manager.create_table(members).await?;
        index(manager, "member_by_user", "member", &["user_id", "joined_at"], Uniqueness::Plain).await?;
        let contacts = c
            .table("contact")
            .col(c.id("user_id").not_null())
            .col(c.word("phone", 20).not_null())
            .primary_key(Index::create().col("user_id").col("phone"))
            .foreign_key(&mut of("contact_of_user", ("contact", "user_id"), "user"))
            .to_owned();
        manager.create_table(contacts).await?;
        let cards = c
            .table("card")
            .col(c.id("user_id").not_null().primary_key())
            .col(c.text("status").not_null())
            .col(c.word("photo", 64).not_null())
            .col(c.text("thumbnail").not_null())
            .col(c.big("changed_at").not_null())
            .col(c.big("looked_since").not_null())
            .col(c.big("looked_up").not_null())
            .foreign_key(&mut of("card_of_user", ("card", "user_id"), "user"))
            .to_owned();
        manager.create_table(cards).await
    }
}
