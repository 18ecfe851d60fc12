//! Which account owns a room, and which one sits on a seat; with that, calls are read by time over many rooms.
use crate::columns::{Columns, Uniqueness, index};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        add(manager, "room", "owner_user", c.id("owner_user")).await?;
        index(manager, "room_by_owner", "room", &["owner_user", "created_at", "id"], Uniqueness::Plain)
            .await?;
        add(manager, "seat", "user_id", c.id("user_id")).await?;
        index(manager, "seat_by_user", "seat", &["user_id", "room_id"], Uniqueness::Plain).await?;
        index(manager, "call_by_start", "call", &["started_at", "id"], Uniqueness::Plain).await
    }
}

/// Adds a column that may be null, unless it is there.
///
/// No foreign key: SQLite can't add one to a table, and whoever removes an account removes what it owns first.
pub(crate) async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    name: &'static str,
    mut column: ColumnDef,
) -> Result<(), DbErr> {
    if manager.has_column(table, name).await? {
        return Ok(());
    }
    manager.alter_table(Table::alter().table(table).add_column(column.null()).to_owned()).await
}
