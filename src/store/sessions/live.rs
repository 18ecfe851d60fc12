//! Sessions with live sockets: which of them are still good, and that they are in use.
use super::super::users::Status;
use super::super::{Store, StoreError, rows, within};
use super::{EVER_IDLE, Good, TOUCH_MS};
use crate::room::ids::LoginId;
use convene_entity::session::{Column, Entity};
use convene_entity::user;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// Sessions in one statement.
const BATCH: usize = 200;

/// What became of sessions that were good once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lapsed {
    /// Ended by time.
    pub expired: Vec<LoginId>,
    /// Ended by somebody, or their user is disabled.
    pub gone: Vec<LoginId>,
}

/// Looks at all of these, and writes of the good ones that they are in use.
pub async fn check(store: &Store, logins: &[LoginId], good: Good) -> Result<Lapsed, StoreError> {
    let mut lapsed = Lapsed::default();
    for some in logins.chunks(BATCH) {
        let known = of_active_users(store, some).await?;
        let mut living = Vec::new();
        for login in some {
            match known.get(login).map(|times| times.are_within(good)) {
                Some(true) => living.push(login.to_string()),
                Some(false) => lapsed.expired.push(*login),
                None => lapsed.gone.push(*login),
            }
        }
        let touch = Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(good.now.0))
            .filter(Column::Id.is_in(living))
            .filter(Column::LastUsedAt.lte(good.now.0 - TOUCH_MS));
        within(touch.exec(&store.write)).await?;
    }
    Ok(lapsed)
}

struct Times {
    expires_at: i64,
    last_used_at: i64,
    is_ever_idle: bool,
}

impl Times {
    fn are_within(&self, good: Good) -> bool {
        self.expires_at > good.now.0 && (self.is_ever_idle || self.last_used_at > good.used_since())
    }
}

async fn of_active_users(store: &Store, logins: &[LoginId]) -> Result<HashMap<LoginId, Times>, StoreError> {
    let active = Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::Column::Status.eq(Status::Active.word()))
        .to_owned();
    let find = Entity::find()
        .filter(Column::Id.is_in(logins.iter().map(LoginId::to_string)))
        .filter(Column::UserId.in_subquery(active));
    let rows = within(find.all(&store.read)).await?;
    let times = rows.into_iter().map(|row| {
        let is_ever_idle = row.face == EVER_IDLE.word();
        let times = Times { expires_at: row.expires_at, last_used_at: row.last_used_at, is_ever_idle };
        rows::id("session", &row.id).map(|login| (login, times))
    });
    times.collect()
}
