//! Every value of every table of a database, whichever it is: to be searched for what may not stand there.
use std::collections::BTreeMap;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

/// `table.column` and the value's bytes, nulls left out.
pub(crate) async fn all(url: &str) -> Vec<(String, Vec<u8>)> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let database = Database::connect(options).await.unwrap();
    let backend = database.get_database_backend();
    if backend == DbBackend::Postgres {
        // the text of bytes shows what is printable among them
        database.execute_unprepared("SET bytea_output = 'escape'").await.unwrap();
    }
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows(&database, columns(backend)).await {
        let (table, column): (String, String) = row.try_get_many_by_index().unwrap();
        tables.entry(table).or_default().push(column);
    }
    let mut values = Vec::new();
    for (table, columns) in &tables {
        // one question a table: each costs a round trip
        let parts: Vec<_> = columns.iter().map(|column| value(backend, table, column)).collect();
        let found = rows(&database, &parts.join(" UNION ALL ")).await;
        values.extend(found.iter().map(|row| row.try_get_many_by_index::<(String, Vec<u8>)>().unwrap()));
    }
    database.close().await.unwrap();
    assert!(
        values.iter().any(|(column, _)| column == "seaql_migrations.version"),
        "the tables are not empty"
    );
    values
}

/// Each table with each of its columns.
fn columns(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        DbBackend::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"
        }
        _ => {
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.columns WHERE table_schema = DATABASE()"
        }
    }
}

/// The values of one column as bytes, each beside its name.
fn value(backend: DbBackend, table: &str, column: &str) -> String {
    match backend {
        DbBackend::Sqlite => {
            format!(
                "SELECT '{table}.{column}', CAST(\"{column}\" AS BLOB) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"
            )
        }
        DbBackend::Postgres => format!(
            "SELECT '{table}.{column}'::text, convert_to(\"{column}\"::text, 'UTF8') FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"
        ),
        _ => format!(
            "SELECT '{table}.{column}', CAST(`{column}` AS BINARY) FROM `{table}` WHERE `{column}` IS NOT NULL"
        ),
    }
}

async fn rows(database: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    database.query_all_raw(statement).await.unwrap()
}
