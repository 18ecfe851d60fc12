//! What guards accounts: API keys, ends of room tokens, budgets of codes, the audit trail, and news for a running server.
use crate::columns::{Columns, Uniqueness, index, of, of_room};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        manager.create_table(api_key(c)).await?;
        index(manager, "api_key_by_secret", "api_key", &["secret_hash"], Uniqueness::Unique).await?;
        index(manager, "api_key_by_owner", "api_key", &["owner_user"], Uniqueness::Plain).await?;
        manager.create_table(room_token_end(c)).await?;
        let what = ["room_id", "kind", "value"];
        index(manager, "room_token_end_once", "room_token_end", &what, Uniqueness::Unique).await?;
        index(manager, "room_token_end_by_end", "room_token_end", &["until"], Uniqueness::Plain).await?;
        manager.create_table(sent(c)).await?;
        index(manager, "sent_by_target", "sent", &["target_hash", "at"], Uniqueness::Plain).await?;
        index(manager, "sent_by_age", "sent", &["at"], Uniqueness::Plain).await?;
        manager.create_table(sent_turn(c)).await?;
        index(manager, "sent_turn_by_age", "sent_turn", &["at"], Uniqueness::Plain).await?;
        manager.create_table(audit(c)).await?;
        index(manager, "audit_by_user", "audit", &["user_id", "at", "id"], Uniqueness::Plain).await?;
        index(manager, "audit_by_age", "audit", &["at", "id"], Uniqueness::Plain).await?;
        manager.create_table(control(c)).await?;
        index(manager, "control_by_age", "control", &["at"], Uniqueness::Plain).await
    }
}

/// A key without an owner is the operator's. `prefix` is what of the secret is shown again.
fn api_key(c: Columns) -> TableCreateStatement {
    c.table("api_key")
        .col(c.id("id").not_null().primary_key())
        .col(c.text("name").not_null())
        .col(c.id("owner_user").null())
        .col(c.text("scopes").not_null())
        .col(c.word("secret_hash", 64).not_null())
        .col(c.word("prefix", 16).not_null())
        .col(c.big("created_at").not_null())
        .col(c.big("last_used_at").null())
        .col(c.big("revoked_at").null())
        .col(c.big("expires_at").null())
        .foreign_key(&mut of("api_key_of_user", ("api_key", "owner_user"), "user"))
        .to_owned()
}

/// `until`: when no token that this ends can be good any more, and the row is forgotten.
fn room_token_end(c: Columns) -> TableCreateStatement {
    c.table("room_token_end")
        .col(c.id("id").not_null().primary_key())
        .col(c.id("room_id").not_null())
        .col(c.word("kind", 16).not_null())
        .col(c.word("value", 191).not_null())
        .col(c.big("revoked_at").not_null())
        .col(c.big("until").not_null())
        .foreign_key(&mut of_room("room_token_end_of_room", "room_token_end"))
        .to_owned()
}

/// One row per message sent to (or asked for by) a target, which stands here as a keyed hash only.
fn sent(c: Columns) -> TableCreateStatement {
    c.table("sent")
        .col(c.id("id").not_null().primary_key())
        .col(c.word("target_hash", 64).not_null())
        .col(c.word("kind", 24).not_null())
        .col(c.big("at").not_null())
        .to_owned()
}

/// One row per target: whoever counts its budget holds this row, so that two who ask at once are counted one by one.
fn sent_turn(c: Columns) -> TableCreateStatement {
    c.table("sent_turn")
        .col(c.word("target_hash", 64).not_null().primary_key())
        .col(c.big("at").not_null())
        .to_owned()
}

/// No foreign key: an event may outlive what it tells of.
fn audit(c: Columns) -> TableCreateStatement {
    c.table("audit")
        .col(c.id("id").not_null().primary_key())
        .col(c.big("at").not_null())
        .col(c.id("user_id").null())
        .col(c.word("actor", 64).not_null())
        .col(c.word("action", 48).not_null())
        .col(c.word("source", 45).null())
        .col(c.text("detail").not_null())
        .to_owned()
}

fn control(c: Columns) -> TableCreateStatement {
    c.table("control")
        .col(c.big("id").not_null().auto_increment().primary_key())
        .col(c.big("at").not_null())
        .col(c.word("kind", 32).not_null())
        .col(c.word("value", 191).not_null())
        .to_owned()
}
