//! A one-time code on its way: for whom, where to, and how often it was tried.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flow")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub user_id: Option<String>,
    pub signup_id: Option<String>,
    /// The address as it was given.
    #[sea_orm(column_type = "Text")]
    pub target: String,
    /// The address folded.
    pub target_key: String,
    pub channel: String,
    /// A keyed hash, in hex.
    pub code_hash: String,
    pub tries: i32,
    pub expires_at: i64,
    pub created_at: i64,
    pub done_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
