//! The people of a room over REST: who is there, what they may do, removing someone.
use super::answers::ParticipantsAnswer;
use super::bodies::{ChangeParticipant, RightWord};
use super::json;
use super::reply::Reply;
use super::route::{Asked, Rest};
use crate::dialect::native::views::ParticipantBody;
use crate::fault::Fault;
use crate::room::ids::PeerId;
use crate::service::rooms::StandingChange;

pub(super) async fn list(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let people = rest.rooms.participants(asked.param(0), asked.caller).await?;
    Ok(Reply::ok(&ParticipantsAnswer { participants: people.iter().map(ParticipantBody::of).collect() }))
}

pub(super) async fn change(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    let body: ChangeParticipant = json::read(&asked.body)?;
    let change = StandingChange {
        role: body.role.map(|word| word.role()),
        grant: RightWord::all(&body.grant),
        revoke: RightWord::all(&body.revoke),
    };
    let person = rest.rooms.change_participant(asked.param(0), asked.caller, peer(&asked), change).await?;
    Ok(Reply::ok(&ParticipantBody::of(&person)))
}

pub(super) async fn remove(rest: Rest, asked: Asked) -> Result<Reply, Fault> {
    rest.rooms.remove_participant(asked.param(0), asked.caller, peer(&asked)).await?;
    Ok(Reply::empty())
}

fn peer(asked: &Asked) -> PeerId {
    PeerId(asked.param(1).into())
}
