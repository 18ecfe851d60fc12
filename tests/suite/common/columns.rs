//! Every value of every table of a database, whichever it is: to be searched for what may not stand there.
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

/// `table.column` and the value's bytes, nulls left out. Never empty: somebody's password hash is among them if anybody has one.
pub(crate) async fn all(url: &str) -> Vec<(String, Vec<u8>)> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let database = Database::connect(options).await.unwrap();
    let backend = database.get_database_backend();
    if backend == DbBackend::Postgres {
        database.execute_unprepared("SET bytea_output = 'escape'").await.unwrap();
    }
    let mut values = Vec::new();
    for table in texts(&database, tables(backend)).await {
        for column in texts(&database, &columns(backend, &table)).await {
            let sql = value(backend, &table, &column);
            let rows = database.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
            let name = format!("{table}.{column}");
            values.extend(rows.iter().map(|row| (name.clone(), row.try_get_by_index(0).unwrap())));
        }
    }
    database.close().await.unwrap();
    assert!(
        values.iter().any(|(column, _)| column == "seaql_migrations.version"),
        "the tables are not empty"
    );
    values
}

fn tables(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        DbBackend::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
        }
        _ => "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()",
    }
}

fn columns(backend: DbBackend, table: &str) -> String {
    let of = match backend {
        DbBackend::Sqlite => return format!("SELECT name FROM pragma_table_info('{table}')"),
        DbBackend::Postgres => {
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"
        }
        _ => {
            "SELECT CAST(column_name AS CHAR) FROM information_schema.columns WHERE table_schema = DATABASE()"
        }
    };
    format!("{of} AND table_name = '{table}'")
}

/// As bytes: what is bytes already stays as it is.
fn value(backend: DbBackend, table: &str, column: &str) -> String {
    match backend {
        DbBackend::Sqlite => {
            format!("SELECT CAST(\"{column}\" AS BLOB) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL")
        }
        // the text of bytes shows what is printable among them
        DbBackend::Postgres => format!(
            "SELECT convert_to(\"{column}\"::text, 'UTF8') FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"
        ),
        _ => format!("SELECT CAST(`{column}` AS BINARY) FROM `{table}` WHERE `{column}` IS NOT NULL"),
    }
}

async fn texts(database: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
