//! Kinds of columns that all tables share, and tables and indexes that are made once however often they are asked for.
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Makes columns for one database: texts compare byte by byte on each.
#[derive(Clone, Copy)]
pub(crate) struct Columns {
    backend: DbBackend,
    /// MySQL's name for that. `utf8mb4_bin` alone takes "c1" and "c1 " for the same.
    collation: &'static str,
}

impl Columns {
    pub(crate) async fn of(manager: &SchemaManager<'_>) -> Result<Self, DbErr> {
        let backend = manager.get_database_backend();
        let mut columns = Self { backend, collation: "utf8mb4_bin" };
        if backend == DbBackend::MySql {
            let version = Statement::from_string(backend, "SELECT VERSION()");
            let row = manager.get_connection().query_one_raw(version).await?;
            let version: String = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
            if version.contains("MariaDB") {
                columns.collation = "utf8mb4_nopad_bin";
            } else if !version.starts_with("5.") {
                columns.collation = "utf8mb4_0900_bin";
            }
        }
        Ok(columns)
    }

    /// An id, key, hash or word: compared byte by byte (MySQL is otherwise blind to case and accents).
    pub(crate) fn word(self, name: &'static str, length: u32) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        self.bytewise(column.string_len(length));
        column
    }

    /// A text of any length.
    pub(crate) fn text(self, name: &'static str) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        self.bytewise(column.text());
        column
    }

    /// A uuid as 32 hex digits.
    pub(crate) fn id(self, name: &'static str) -> ColumnDef {
        self.word(name, 32)
    }

    /// A number of 64 bits; times are milliseconds since 1970 (MySQL rounds its own kind to seconds).
    pub(crate) fn big(self, name: &'static str) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        column.big_integer();
        column
    }

    pub(crate) fn int(self, name: &'static str) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        column.integer();
        column
    }

    pub(crate) fn flag(self, name: &'static str) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        column.boolean();
        column
    }

    /// Sealed bytes, at most `length`.
    pub(crate) fn bytes(self, name: &'static str, length: u32) -> ColumnDef {
        let mut column = ColumnDef::new(name);
        column.var_binary(length);
        column
    }

    /// A table that is left alone if it is there already.
    pub(crate) fn table(self, name: &'static str) -> TableCreateStatement {
        let mut table = Table::create();
        table.table(name).if_not_exists();
        if self.backend == DbBackend::MySql {
            table.engine("InnoDB").character_set("utf8mb4").collate(self.collation);
        }
        table
    }

    fn bytewise(self, column: &mut ColumnDef) {
        match self.backend {
            DbBackend::MySql => column.extra(format!("COLLATE {}", self.collation)),
            DbBackend::Postgres => column.extra("COLLATE \"C\""),
            _ => column, // SQLite compares bytes unless told otherwise
        };
    }
}

/// Makes an index unless it is there (MySQL has no IF NOT EXISTS for them).
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
    uniqueness: Uniqueness,
) -> Result<(), DbErr> {
    if manager.has_index(table, name).await? {
        return Ok(());
    }
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    if uniqueness == Uniqueness::Unique {
        index.unique();
    }
    manager.create_index(index).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uniqueness {
    Unique,
    Plain,
}

/// What belongs to a room goes with it.
pub(crate) fn of_room(name: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    of(name, (table, "room_id"), "room")
}

/// What belongs to a row of `owner`, by its id, goes with it.
pub(crate) fn of(
    name: &'static str,
    (table, column): (&'static str, &'static str),
    owner: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(table, column)
        .to(owner, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
