//! Rooms, their keys and their seats.
use crate::columns::{Columns, Uniqueness, index, of_room};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        manager.create_table(room(c)).await?;
        index(manager, "room_by_last_use", "room", &["expires", "last_used_at"], Uniqueness::Plain).await?;
        manager.create_table(room_key(c)).await?;
        index(manager, "room_key_by_room", "room_key", &["room_id"], Uniqueness::Plain).await?;
        manager.create_table(seat(c)).await?;
        index(manager, "seat_by_release", "seat", &["room_id", "released_at"], Uniqueness::Plain).await
    }
}

fn room(c: Columns) -> TableCreateStatement {
    c.table("room")
        .col(c.id("id").not_null().primary_key())
        .col(c.text("name").not_null())
        .col(c.int("capacity").not_null())
        .col(c.int("max_video").not_null())
        .col(c.flag("locked").not_null())
        .col(c.flag("audio").not_null())
        .col(c.flag("video").not_null())
        .col(c.flag("screen").not_null())
        .col(c.flag("chat_on").not_null())
        .col(c.word("spotlight", 64).null())
        .col(c.big("version").not_null())
        .col(c.word("chat_kind", 16).not_null())
        .col(c.flag("needs_pin").not_null())
        .col(c.bytes("pins", 255).not_null())
        .col(c.word("owner_hash", 64).not_null())
        .col(c.flag("expires").not_null())
        .col(c.big("created_at").not_null())
        .col(c.big("last_used_at").not_null())
        .col(c.big("ended_at").null())
        .to_owned()
}

/// The key is unique over all kinds, so one look-up serves every face.
fn room_key(c: Columns) -> TableCreateStatement {
    c.table("room_key")
        .col(c.word("key", 64).not_null().primary_key())
        .col(c.word("kind", 16).not_null())
        .col(c.id("room_id").not_null())
        .foreign_key(&mut of_room("room_key_of_room", "room_key"))
        .to_owned()
}

/// `standing_no` is the change that last decided role and rights, 0 if none did; an empty `peer` marks a row that a
/// change made before the seat itself was written; `written_at` tells which life of the server wrote it.
fn seat(c: Columns) -> TableCreateStatement {
    c.table("seat")
        .col(c.id("room_id").not_null())
        .col(c.id("id").not_null())
        .col(c.word("peer", 64).not_null())
        .col(c.word("face", 32).not_null())
        .col(c.text("name").not_null())
        .col(c.text("avatar").null())
        .col(c.word("role", 16).not_null())
        .col(c.int("rights").not_null())
        .col(c.int("media").not_null())
        .col(c.big("resume_n").not_null())
        .col(c.big("joined_at").not_null())
        .col(c.big("released_at").null())
        .col(c.big("standing_no").not_null())
        .col(c.big("written_at").not_null())
        .primary_key(Index::create().col("room_id").col("id"))
        .foreign_key(&mut of_room("seat_of_room", "seat"))
        .to_owned()
}
