//! On what a seat stands besides its own secret: an account's session or a room token.
use crate::columns::Columns;
use crate::m20261121_000008_add_owners::add;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        add(manager, "seat", "footing", c.text("footing")).await
    }
}
