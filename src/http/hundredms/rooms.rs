//! `/rooms`: made, listed, and tokens for them.
use super::answer::Said;
use super::{Asked, Parts};
use crate::fault::Fault;
use crate::room::ids::Millis;
use crate::service::hundredms::{Ids, Made, Overview, TokenWish};
use serde_json::{Value, json};

pub(super) const NO_ROOM: &str = "Failed to create room";
pub(super) const NO_TOKEN: &str = "Failed to generate token";
pub(super) const NO_LIST: &str = "Failed to list rooms";

pub(super) async fn create(parts: &Parts, asked: &Asked) -> Said {
    match make(parts, asked).await {
        Ok(made) => Said::new(201, object(made, parts.backend.ids())),
        Err(fault) => parts.refused(&fault, NO_ROOM),
    }
}

async fn make(parts: &Parts, asked: &Asked) -> Result<Made, Fault> {
    let name = asked.fields.text("roomName")?;
    parts.backend.create(asked.caller, name, asked.client.ip).await
}

pub(super) async fn token(parts: &Parts, asked: &Asked, room: &str) -> Said {
    match sign(parts, asked, room).await {
        Ok(token) => Said::new(200, json!({"token": token})),
        Err(fault) => parts.refused(&fault, NO_TOKEN),
    }
}

async fn sign(parts: &Parts, asked: &Asked, room: &str) -> Result<String, Fault> {
    let user = match asked.fields.text("userId")? {
        Some(user) => Some(user),
        None => asked.fields.text("user_id")?,
    };
    let wish = TokenWish { role: asked.fields.text("role")?, user };
    parts.backend.token(asked.caller, room, wish).await
}

pub(super) async fn list(parts: &Parts, asked: &Asked) -> Said {
    match parts.backend.list(asked.caller).await {
        Ok(rooms) => Said::new(200, json!({"rooms": rooms.iter().map(element).collect::<Vec<_>>()})),
        Err(fault) => parts.refused(&fault, NO_LIST),
    }
}

fn element(room: &Overview) -> Value {
    json!({
        "roomId": room.id,
        "name": room.name,
        "participantCount": room.present,
        "createdAt": moment(room.created_at),
    })
}

/// The room object of 100ms, and the secret by which its maker is known later on. One that the other API gave stays as it
/// came.
fn object(made: Made, ids: &Ids) -> Value {
    let mut object = match made.upstream {
        Some(object) => Value::Object(object),
        None => json!({
            "id": made.id,
            "name": made.name,
            "enabled": true,
            "description": "",
            "customer_id": ids.customer,
            "app_id": ids.app,
            "recording_info": {"enabled": false},
            "template_id": ids.template,
            "template": "convene",
            "region": "auto",
            "created_at": moment(made.created_at),
            "updated_at": moment(made.created_at),
            "size": made.capacity,
            "large_room": false,
        }),
    };
    if let Some(secret) = made.creator_secret {
        object["creator_secret"] = Value::String(secret);
    }
    object
}

/// RFC 3339 with milliseconds, in UTC.
fn moment(at: Millis) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_milliseconds_even_if_there_are_none() {
        assert_eq!(moment(Millis(1_735_689_600_000)), "2025-01-01T00:00:00.000Z");
        assert_eq!(moment(Millis(1_735_689_600_007)), "2025-01-01T00:00:00.007Z");
    }
}
