//! The rows behind a running server, looked at and meddled with, as time and operators do. On every database: names that
//! are words of one of them stand in double quotes.
use crate::common::Convene;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement,
};

async fn connect(server: &Convene) -> DatabaseConnection {
    let mut options = ConnectOptions::new(server.database_url());
    options.max_connections(1);
    let connection = Database::connect(options).await.unwrap();
    if connection.get_database_backend() == DbBackend::MySql {
        connection.execute_unprepared("SET sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')").await.unwrap();
    }
    connection
}

async fn rows(server: &Convene, sql: &str) -> Vec<QueryResult> {
    let connection = connect(server).await;
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    connection.close().await.unwrap();
    rows
}

/// The first column of each row.
pub(crate) async fn numbers(server: &Convene, sql: &str) -> Vec<i64> {
    rows(server, sql).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// The same, for texts.
pub(crate) async fn texts(server: &Convene, sql: &str) -> Vec<String> {
    rows(server, sql).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

pub(crate) async fn run(server: &Convene, sql: &str) {
    let connection = connect(server).await;
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}
