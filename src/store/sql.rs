//! Statements the query builder is too slow or too plain for: many rows at once, with bound values.
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use std::fmt::Write;

/// Most rows of one statement: 128 rows of 13 values stay far below every limit (SQLite 32,766, the others 65,535).
const MOST_ROWS: usize = 128;
/// Up to here each number of rows has a statement; beyond, only powers of two, so that few stay prepared.
const EVERY_SIZE: usize = 16;

/// A table and the columns that an insert fills.
pub(super) struct Target {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    /// How columns change when the row is there already; empty for a plain insert.
    pub(super) upsert: &'static [Change],
    pub(super) key: &'static [&'static str],
}

/// How a column changes when its row is there already.
pub(super) enum Change {
    /// The new value counts.
    New(&'static str),
    /// What stands stays, unless it is null.
    Keep(&'static str),
    /// The greater one counts.
    Greater(&'static str),
    /// What stands stays while this other column is above 0.
    KeepWhile(&'static str, &'static str),
}

/// Inserts rows of `columns.len()` values each, in order, in as few statements as the limits allow.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    into: &Target,
    mut values: Vec<Value>,
) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    let width = into.columns.len();
    while !values.is_empty() {
        let rows = at_once(values.len() / width);
        let rest = values.split_off(rows * width);
        let sql = insert_sql(backend, into, rows);
        connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        values = rest;
    }
    Ok(())
}

/// How many of so many rows go into one statement.
pub(super) fn at_once(rows: usize) -> usize {
    if rows <= EVERY_SIZE {
        return rows;
    }
    let mut size = MOST_ROWS;
    while size > rows {
        size /= 2;
    }
    size
}

pub(super) fn insert_sql(backend: DbBackend, into: &Target, rows: usize) -> String {
    let mut sql = String::with_capacity(160 + rows * into.columns.len() * 5);
    let q = quote(backend);
    write!(sql, "INSERT INTO {q}{}{q} (", into.table).expect("a String takes all");
    for (i, column) in into.columns.iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        write!(sql, "{comma}{q}{column}{q}").expect("a String takes all");
    }
    sql.push_str(") VALUES ");
    sql.push_str(&values_sql(backend, rows, into.columns.len()));
    if !into.upsert.is_empty() {
        upsert_sql(&mut sql, backend, into);
    }
    sql
}

/// Places for so many rows of so many values.
pub(super) fn values_sql(backend: DbBackend, rows: usize, width: usize) -> String {
    let mut sql = String::with_capacity(rows * width * 5);
    let mut place = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                sql.push(',');
            }
            place += 1;
            match backend {
                DbBackend::Postgres => write!(sql, "${place}").expect("a String takes all"),
                _ => sql.push('?'), // SQLite and MySQL count by themselves
            }
        }
        sql.push(')');
    }
    sql
}

fn upsert_sql(sql: &mut String, backend: DbBackend, into: &Target) {
    let q = quote(backend);
    if backend == DbBackend::MySql {
        sql.push_str(" ON DUPLICATE KEY UPDATE ");
    } else {
        let key: Vec<_> = into.key.iter().map(|column| format!("{q}{column}{q}")).collect();
        write!(sql, " ON CONFLICT ({}) DO UPDATE SET ", key.join(", ")).expect("a String takes all");
    }
    let greatest = if backend == DbBackend::Sqlite { "MAX" } else { "GREATEST" };
    let old = |column: &str| format!("{q}{}{q}.{q}{column}{q}", into.table);
    let new = |column: &str| match backend {
        DbBackend::MySql => format!("VALUES({q}{column}{q})"),
        _ => format!("excluded.{q}{column}{q}"), // the same word on SQLite and Postgres
    };
    let changes: Vec<_> = into
        .upsert
        .iter()
        .map(|change| match change {
            Change::New(c) => format!("{q}{c}{q} = {}", new(c)),
            Change::Keep(c) => format!("{q}{c}{q} = COALESCE({}, {})", old(c), new(c)),
            Change::Greater(c) => format!("{q}{c}{q} = {greatest}({}, {})", old(c), new(c)),
            Change::KeepWhile(c, guard) => {
                format!("{q}{c}{q} = CASE WHEN {} > 0 THEN {} ELSE {} END", old(guard), old(c), new(c))
            }
        })
        .collect();
    sql.push_str(&changes.join(", "));
}

fn quote(backend: DbBackend) -> char {
    if backend == DbBackend::MySql { '`' } else { '"' }
}
