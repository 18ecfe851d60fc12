//! A user: an account with its verified ways in.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub username: Option<String>,
    /// Folded; unique.
    pub username_key: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    /// Folded; unique, and only of an address that was confirmed.
    pub email_key: Option<String>,
    /// E.164; unique, and only of a number that was confirmed.
    pub phone: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    pub status: String,
    pub is_admin: bool,
    pub locale: String,
    /// Wrong passwords in a row.
    pub failures: i32,
    pub failed_at: Option<i64>,
    pub created_at: i64,
    pub password_changed_at: Option<i64>,
    /// When the account goes for good, if its owner has asked for that.
    pub delete_after: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
