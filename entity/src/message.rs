//! A chat message; its row is its own event.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    pub id: String,
    pub author: String,
    pub peer: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub client_id: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// The text in lower case where that differs.
    #[sea_orm(column_type = "Text", nullable)]
    pub folded: Option<String>,
    pub to_seat: Option<String>,
    pub to_peer: Option<String>,
    pub reply_to: Option<String>,
    pub at: i64,
    pub edited_at: Option<i64>,
    pub deleted: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
