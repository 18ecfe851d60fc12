//! Chat and the durable history: messages, reactions, and the events of every other durable change.
//!
//! No foreign keys here: these rows are the hot path, and each would cost a look-up per row. The journal asks once per
//! group whether its rooms exist, and a room's removal deletes them by itself.
use crate::columns::{Columns, Uniqueness, index};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        manager.create_table(message(c)).await?;
        index(manager, "message_by_id", "message", &["id"], Uniqueness::Unique).await?;
        let said_once = ["room_id", "author", "client_id"];
        index(manager, "message_said_once", "message", &said_once, Uniqueness::Unique).await?;
        manager.create_table(reaction(c)).await?;
        index(manager, "reaction_by_room", "reaction", &["room_id"], Uniqueness::Plain).await?;
        manager.create_table(event(c)).await
    }
}

/// `folded` is the text in lower case where that differs: search is blind to case in every script, on every database.
fn message(c: Columns) -> TableCreateStatement {
    c.table("message")
        .col(c.id("room_id").not_null())
        .col(c.big("no").not_null())
        .col(c.id("id").not_null())
        .col(c.id("author").not_null())
        .col(c.word("peer", 64).not_null())
        .col(c.text("name").not_null())
        .col(c.word("client_id", 64).not_null())
        .col(c.text("text").not_null())
        .col(c.text("folded").null())
        .col(c.id("to_seat").null())
        .col(c.word("to_peer", 64).null())
        .col(c.id("reply_to").null())
        .col(c.big("at").not_null())
        .col(c.big("edited_at").null())
        .col(c.flag("deleted").not_null().default(false))
        .primary_key(Index::create().col("room_id").col("no"))
        .to_owned()
}

fn reaction(c: Columns) -> TableCreateStatement {
    c.table("reaction")
        .col(c.id("message_id").not_null())
        .col(c.word("emoji", 64).not_null())
        .col(c.id("seat_id").not_null())
        .col(c.id("room_id").not_null())
        .col(c.word("peer", 64).not_null())
        .col(c.big("no").not_null())
        .primary_key(Index::create().col("message_id").col("emoji").col("seat_id"))
        .to_owned()
}

/// What was changed, not the new text: a message's row is its own event.
fn event(c: Columns) -> TableCreateStatement {
    c.table("event")
        .col(c.id("room_id").not_null())
        .col(c.big("no").not_null())
        .col(c.word("kind", 32).not_null())
        .col(c.id("author").null())
        .col(c.big("at").not_null())
        .col(c.text("body").not_null())
        .primary_key(Index::create().col("room_id").col("no"))
        .to_owned()
}
