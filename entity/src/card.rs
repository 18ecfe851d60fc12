//! What somebody shows to those who have their number, and how many numbers they looked up lately.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "card")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    /// The name of a picture's file; empty if there is none.
    pub photo: String,
    /// The same small, in base64.
    #[sea_orm(column_type = "Text")]
    pub thumbnail: String,
    pub changed_at: i64,
    /// When the day began in which this many new numbers were looked up.
    pub looked_since: i64,
    pub looked_up: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
