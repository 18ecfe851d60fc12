//! Every value of every table of an SQLite file.
use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

/// `table.column` and the value's bytes, nulls left out.
pub(super) async fn all(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut options = ConnectOptions::new(format!("sqlite://{}", folder.join("convene.db").display()));
    options.max_connections(1).sqlx_logging(false);
    let file = Database::connect(options).await.unwrap();
    let mut values = Vec::new();
    for table in names(&file, "SELECT name FROM sqlite_master WHERE type = 'table'").await {
        for column in names(&file, &format!("SELECT name FROM pragma_table_info('{table}')")).await {
            let sql =
                format!("SELECT CAST(\"{column}\" AS BLOB) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL");
            for value in column_of(&file, &sql).await {
                values.push((format!("{table}.{column}"), value));
            }
        }
    }
    file.close().await.unwrap();
    assert!(values.iter().any(|(column, _)| column == "user.password_hash"), "the tables are not empty");
    values
}

async fn names(file: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = file.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn column_of(file: &DatabaseConnection, sql: &str) -> Vec<Vec<u8>> {
    let rows = file.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
