//! A room: its settings and what its owner knows of it.
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub capacity: i32,
    pub max_video: i32,
    pub locked: bool,
    pub audio: bool,
    pub video: bool,
    pub screen: bool,
    pub chat_on: bool,
    pub spotlight: Option<String>,
    pub version: i64,
    pub chat_kind: String,
    pub needs_pin: bool,
    /// Both PINs, sealed.
    pub pins: Vec<u8>,
    /// SHA-256 of the owner secret, in hex; empty if an account owns the room.
    pub owner_hash: String,
    /// Whether the room goes a while after its last use.
    pub expires: bool,
    pub created_at: i64,
    pub last_used_at: i64,
    pub ended_at: Option<i64>,
    /// The account that owns the room.
    pub owner_user: Option<String>,
    /// How long it stays unused before it goes, in ms, if it goes; else as long as the operator gives guests' rooms.
    pub expire_ms: Option<i64>,
    /// The system on whose face it was made; none of the rooms made before others were served.
    pub face: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
