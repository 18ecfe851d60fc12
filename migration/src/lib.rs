//! The schema, step by step, for SQLite, Postgres and MySQL; each step can be cut short anywhere and run again.
mod columns;
mod m20261121_000001_create_rooms;
mod m20261121_000002_create_messages;
mod m20261121_000003_create_calls;
mod m20261121_000004_create_servers;
mod m20261121_000005_create_users;
mod m20261121_000006_create_outbox;
mod m20261121_000007_create_keys;
mod m20261121_000008_add_owners;
mod m20261121_000009_add_footings;
mod m20261121_000010_add_systems;
mod m20261121_000011_create_cohosts;
mod m20261121_000013_create_members;
mod once;

pub use once::{migrate, pending};
use sea_orm_migration::prelude::*;

/// The steps in order. Steps are only ever added.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_rooms::Step),
            Box::new(m20261121_000002_create_messages::Step),
            Box::new(m20261121_000003_create_calls::Step),
            Box::new(m20261121_000004_create_servers::Step),
            Box::new(m20261121_000005_create_users::Step),
            Box::new(m20261121_000006_create_outbox::Step),
            Box::new(m20261121_000007_create_keys::Step),
            Box::new(m20261121_000008_add_owners::Step),
            Box::new(m20261121_000009_add_footings::Step),
            Box::new(m20261121_000010_add_systems::Step),
            Box::new(m20261121_000011_create_cohosts::Step),
            Box::new(m20261121_000013_create_members::Step),
        ]
    }
}
