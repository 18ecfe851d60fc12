//! Accounts: users, sign-ups that await their code, one-time codes, sessions and password resets.
use crate::columns::{Columns, Uniqueness, index, of};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let c = Columns::of(manager).await?;
        manager.create_table(user(c)).await?;
        for (name, column) in
            [("user_by_username", "username_key"), ("user_by_email", "email_key"), ("user_by_phone", "phone")]
        {
            index(manager, name, "user", &[column], Uniqueness::Unique).await?;
        }
        index(manager, "user_by_deletion", "user", &["delete_after"], Uniqueness::Plain).await?;
        manager.create_table(signup(c)).await?;
        index(manager, "signup_by_email", "signup", &["email_key"], Uniqueness::Plain).await?;
        index(manager, "signup_by_phone", "signup", &["phone"], Uniqueness::Plain).await?;
        index(manager, "signup_by_username", "signup", &["username_key"], Uniqueness::Plain).await?;
        index(manager, "signup_by_age", "signup", &["created_at"], Uniqueness::Plain).await?;
        manager.create_table(flow(c)).await?;
        index(manager, "flow_by_end", "flow", &["expires_at"], Uniqueness::Plain).await?;
        manager.create_table(session(c)).await?;
        index(manager, "session_by_token", "session", &["token_hash"], Uniqueness::Unique).await?;
        index(manager, "session_by_user", "session", &["user_id"], Uniqueness::Plain).await?;
        index(manager, "session_by_end", "session", &["expires_at"], Uniqueness::Plain).await?;
        manager.create_table(reset(c)).await?;
        index(manager, "reset_by_end", "reset", &["expires_at"], Uniqueness::Plain).await
    }
}

/// `username_key`, `email_key` and `phone` are unique, and an address stands here only once its owner has confirmed it:
/// an unverified sign-up blocks nobody. `failures` counts wrong passwords in a row, the last one `failed_at`.
fn user(c: Columns) -> TableCreateStatement {
    c.table("user")
        .col(c.id("id").not_null().primary_key())
        .col(c.text("name").not_null())
        .col(c.word("username", 64).null())
        .col(c.word("username_key", 191).null())
        .col(c.text("email").null())
        .col(c.word("email_key", 320).null())
        .col(c.word("phone", 20).null())
        .col(c.text("password_hash").null())
        .col(c.word("status", 16).not_null())
        .col(c.flag("is_admin").not_null())
        .col(c.word("locale", 16).not_null())
        .col(c.int("failures").not_null())
        .col(c.big("failed_at").null())
        .col(c.big("created_at").not_null())
        .col(c.big("password_changed_at").null())
        .col(c.big("delete_after").null())
        .to_owned()
}

fn signup(c: Columns) -> TableCreateStatement {
    c.table("signup")
        .col(c.id("id").not_null().primary_key())
        .col(c.text("name").not_null())
        .col(c.word("username", 64).null())
        .col(c.word("username_key", 191).null())
        .col(c.text("email").null())
        .col(c.word("email_key", 320).null())
        .col(c.word("phone", 20).null())
        .col(c.text("password_hash").null())
        .col(c.word("locale", 16).not_null())
        .col(c.big("created_at").not_null())
        .to_owned()
}

/// A flow of an address that nobody has is a row too, with neither user nor sign-up: no code ever fits it.
fn flow(c: Columns) -> TableCreateStatement {
    c.table("flow")
        .col(c.id("id").not_null().primary_key())
        .col(c.word("kind", 24).not_null())
        .col(c.id("user_id").null())
        .col(c.id("signup_id").null())
        .col(c.text("target").not_null())
        .col(c.word("target_key", 320).not_null())
        .col(c.word("channel", 8).not_null())
        .col(c.word("code_hash", 64).not_null())
        .col(c.int("tries").not_null())
        .col(c.big("expires_at").not_null())
        .col(c.big("created_at").not_null())
        .col(c.big("done_at").null())
        .foreign_key(&mut of("flow_of_user", ("flow", "user_id"), "user"))
        .foreign_key(&mut of("flow_of_signup", ("flow", "signup_id"), "signup"))
        .to_owned()
}

fn session(c: Columns) -> TableCreateStatement {
    c.table("session")
        .col(c.id("id").not_null().primary_key())
        .col(c.id("user_id").not_null())
        .col(c.word("token_hash", 64).not_null())
        .col(c.text("device").not_null())
        .col(c.word("face", 16).not_null())
        .col(c.word("source", 45).null())
        .col(c.big("created_at").not_null())
        .col(c.big("last_used_at").not_null())
        .col(c.big("expires_at").not_null())
        .col(c.big("proven_at").not_null())
        .foreign_key(&mut of("session_of_user", ("session", "user_id"), "user"))
        .to_owned()
}

fn reset(c: Columns) -> TableCreateStatement {
    c.table("reset")
        .col(c.word("token_hash", 64).not_null().primary_key())
        .col(c.id("user_id").not_null())
        .col(c.big("expires_at").not_null())
        .col(c.big("used_at").null())
        .foreign_key(&mut of("reset_of_user", ("reset", "user_id"), "user"))
        .to_owned()
}
