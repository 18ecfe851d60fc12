//! A seat: a participant's place in a room.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seat")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub room_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Empty until the seat itself was written.
    pub peer: String,
    pub face: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub avatar: Option<String>,
    pub role: String,
    pub rights: i32,
    /// Bits: audio, video, screen, audio available, video available.
    pub media: i32,
    pub resume_n: i64,
    pub joined_at: i64,
    pub released_at: Option<i64>,
    /// The change that last decided role and rights; 0 if none did.
    pub standing_no: i64,
    pub written_at: i64,
    /// The account that sits here, if one was shown.
    pub user_id: Option<String>,
    /// The session or room token it stands on, in words; none for a guest.
    #[sea_orm(column_type = "Text", nullable)]
    pub footing: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
