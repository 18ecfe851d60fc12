//! A fresh, migrated database for one test, on each system; gone when the test ends.
use convene::seal::{KeyRing, RootKey};
use convene::store::{Settings, Store};
use convene_migration::migrate;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// The environment variables by which `scripts/test` hands over its servers.
const POSTGRES: &str = "CONVENE_TEST_POSTGRES_URL";
const MYSQL: &str = "CONVENE_TEST_MYSQL_URL";

/// A database of its own. Its name is random, so tests may run side by side, in one process or many.
pub(crate) struct TestDb {
    url: String,
    home: Home,
}

enum Home {
    Folder {
        _removed_at_drop: TempDir,
    },
    /// The URL of the server that made it, and its name there.
    Server {
        admin: String,
        name: String,
    },
}

impl TestDb {
    /// A copy of a file that was migrated once in this process.
    pub(crate) async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<(TempDir, std::path::PathBuf)> = OnceCell::const_new();
        let (_, template) = TEMPLATE
            .get_or_init(|| async {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("template.db");
                let store = open(&format!("sqlite://{}", file.display())).await;
                migrate(store.connection()).await.unwrap();
                store.close().await.unwrap();
                (folder, file)
            })
            .await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("convene.db");
        std::fs::copy(template, &file).unwrap();
        Self { url: format!("sqlite://{}", file.display()), home: Home::Folder { _removed_at_drop: folder } }
    }

    /// A database made from a template that is migrated once per build of the tests.
    pub(crate) async fn postgres() -> Self {
        let admin = handed_over(POSTGRES);
        let template = template_name();
        let connection = connect(&admin).await;
        postgres_template(&connection, &admin, &template).await;
        let name = fresh_name();
        run(&connection, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        connection.close().await.unwrap();
        Self { url: at(&admin, &name), home: Home::Server { admin, name } }
    }

    /// A database migrated for this test: MySQL and MariaDB copy no databases.
    pub(crate) async fn mysql() -> Self {
        let db = Self::empty_mysql().await;
        let store = db.store().await;
        migrate(store.connection()).await.unwrap();
        store.close().await.unwrap();
        db
    }

    pub(crate) async fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("new/convene.db").display());
        Self { url, home: Home::Folder { _removed_at_drop: folder } }
    }

    pub(crate) async fn empty_postgres() -> Self {
        Self::empty_on_server(handed_over(POSTGRES)).await
    }

    pub(crate) async fn empty_mysql() -> Self {
        Self::empty_on_server(handed_over(MYSQL)).await
    }

    async fn empty_on_server(admin: String) -> Self {
        let name = fresh_name();
        let connection = connect(&admin).await;
        run(&connection, &format!("CREATE DATABASE {name}")).await;
        connection.close().await.unwrap();
        Self { url: at(&admin, &name), home: Home::Server { admin, name } }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Another set of connections to it, with the keys that every test uses.
    pub(crate) async fn store(&self) -> Store {
        open(&self.url).await
    }

    /// A connection beside the store, to look and to meddle.
    pub(crate) async fn connection(&self) -> DatabaseConnection {
        connect(&self.url).await
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Home::Server { admin, name } = &self.home else { return };
        let (admin, name) = (admin.clone(), name.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let connection = connect(&admin).await;
                if connection.get_database_backend() == DbBackend::Postgres {
                    return run(&connection, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                }
                end_mysql_connections(&connection, &name).await;
                run(&connection, &format!("DROP DATABASE IF EXISTS {name}")).await;
            });
        });
        if dropped.join().is_err() && !std::thread::panicking() {
            panic!("the test's database was not dropped");
        }
    }
}

/// The key ring of every test: what one store seals another opens.
pub(crate) fn keys() -> Arc<KeyRing> {
    Arc::new(KeyRing::new(vec![RootKey { id: 1, bytes: [7; 32] }]).unwrap())
}

pub(crate) async fn open(url: &str) -> Store {
    Store::connect(Settings::new(url), keys()).await.unwrap()
}

/// A test that can't run must not pass.
fn handed_over(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run scripts/test or scripts/with-databases"))
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap();
}

/// DROP DATABASE waits for every open transaction, and this test's runtime stands still meanwhile.
async fn end_mysql_connections(connection: &DatabaseConnection, database: &str) {
    let find =
        format!("SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE db = '{database}'");
    let found = connection.query_all_raw(Statement::from_string(DbBackend::MySql, find)).await.unwrap();
    for row in found {
        let id: i64 = row.try_get_by_index(0).unwrap();
        // one that ended by itself meanwhile is no longer there to be killed
        let _ = connection.execute_unprepared(&format!("KILL {id}")).await;
    }
}

/// Of many test processes one makes the template, and the others wait for it.
async fn postgres_template(connection: &DatabaseConnection, admin: &str, template: &str) {
    run(connection, "SELECT pg_advisory_lock(7001)").await;
    let find = format!("SELECT 1 FROM pg_database WHERE datname = '{template}'");
    let find = Statement::from_string(DbBackend::Postgres, find);
    if connection.query_one_raw(find).await.unwrap().is_none() {
        let draft = format!("{template}_draft");
        run(connection, &format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await;
        run(connection, &format!("CREATE DATABASE {draft}")).await;
        let store = open(&at(admin, &draft)).await;
        migrate(store.connection()).await.unwrap();
        store.close().await.unwrap();
        run(connection, &format!("ALTER DATABASE {draft} RENAME TO {template}")).await;
    }
    run(connection, "SELECT pg_advisory_unlock(7001)").await;
}

/// Another build of the tests may have other migrations.
fn template_name() -> String {
    let built = std::env::current_exe().unwrap().metadata().unwrap();
    let at = built.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("template_{at}_{}", built.len())
}

fn fresh_name() -> String {
    format!("test_{}", uuid::Uuid::new_v4().as_simple())
}

/// The same server, another database.
fn at(admin: &str, name: &str) -> String {
    let mut url = url::Url::parse(admin).unwrap();
    url.set_path(name);
    url.into()
}

/// Makes three tests of each function: on SQLite always, on Postgres and MariaDB when `scripts/test` starts them.
macro_rules! on_each_database {
    ($(async fn $name:ident($db:ident: $kind:ident) $body:block)+) => {$(
        mod $name {
            use super::*;
            use crate::common::db::TestDb;

            async fn body($db: &TestDb) $body

            #[tokio::test]
            async fn sqlite() {
                body(&$crate::common::db::on_each_database!(@make sqlite $kind).await).await;
            }

            #[tokio::test]
            #[ignore = "needs Postgres: run scripts/test"]
            async fn postgres() {
                body(&$crate::common::db::on_each_database!(@make postgres $kind).await).await;
            }

            #[tokio::test]
            #[ignore = "needs MariaDB: run scripts/test"]
            async fn mysql() {
                body(&$crate::common::db::on_each_database!(@make mysql $kind).await).await;
            }
        }
    )+};
    (@make sqlite Migrated) => { TestDb::sqlite() };
    (@make postgres Migrated) => { TestDb::postgres() };
    (@make mysql Migrated) => { TestDb::mysql() };
    (@make sqlite Empty) => { TestDb::empty_sqlite() };
    (@make postgres Empty) => { TestDb::empty_postgres() };
    (@make mysql Empty) => { TestDb::empty_mysql() };
}
pub(crate) use on_each_database;
