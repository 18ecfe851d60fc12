//! The rows behind a running server, looked at and meddled with, as time and operators do.
use crate::common::Convene;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

async fn connect(server: &Convene) -> DatabaseConnection {
    Database::connect(format!("sqlite://{}", server.database().display())).await.unwrap()
}

/// The first column of each row.
pub(crate) async fn numbers(server: &Convene, sql: &str) -> Vec<i64> {
    let connection = connect(server).await;
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let numbers = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    connection.close().await.unwrap();
    numbers
}

/// The same, for texts.
pub(crate) async fn texts(server: &Convene, sql: &str) -> Vec<String> {
    let connection = connect(server).await;
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let texts = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    connection.close().await.unwrap();
    texts
}

pub(crate) async fn run(server: &Convene, sql: &str) {
    let connection = connect(server).await;
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}
