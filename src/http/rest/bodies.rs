//! What REST takes: request bodies and queries, each with its schema.
use super::json::given;
use crate::room::permissions::{Right, Rights, Role};
use schemars::JsonSchema;
use serde::Deserialize;

/// A new room. Every field may be left out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateRoom {
    /// 1 to 64 characters.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = 64), extend("default" = "Meeting"))]
    pub(super) name: Option<String>,
    /// People at most, 1 to the server's limit.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "u32", range(min = 1, max = 1000))]
    pub(super) capacity: Option<u32>,
    /// Cameras and screens shown at once.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "u32", range(min = 0, max = 1000))]
    pub(super) max_video: Option<u32>,
    /// durable: committed to the database before anyone sees it. ephemeral: in memory only.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "ChatWord")]
    pub(super) chat: Option<ChatWord>,
    /// Whether everyone but owners must show a PIN.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(super) needs_pin: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "PolicyPatch")]
    pub(super) policy: Option<PolicyPatch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ChatKind")]
pub(super) enum ChatWord {
    Durable,
    Ephemeral,
}

/// What the room allows at all; a field that is left out stays as it is (in a new room: allowed).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyPatch {
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(super) audio: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(super) video: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(super) screen: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(super) chat: Option<bool>,
}

/// Changes to a room; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateRoom {
    /// 1 to 64 characters.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = 64))]
    pub(super) name: Option<String>,
    /// People at most; those already there stay.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "u32", range(min = 1, max = 1000))]
    pub(super) capacity: Option<u32>,
    /// Cameras and screens shown at once.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "u32", range(min = 0, max = 1000))]
    pub(super) max_video: Option<u32>,
    /// A locked room takes nobody in.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub(super) locked: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "PolicyPatch")]
    pub(super) policy: Option<PolicyPatch>,
    /// The peer shown large to everyone; null: nobody.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    pub(super) spotlight: Option<Option<String>>,
}

/// Which PINs to replace by new random ones; at least one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [
    {"required": ["pin"], "properties": {"pin": {"const": true}}},
    {"required": ["spin"], "properties": {"spin": {"const": true}}}
]))]
pub(super) struct RotatePins {
    /// The participants' PIN.
    #[serde(default)]
    pub(super) pin: bool,
    /// The viewers' PIN.
    #[serde(default)]
    pub(super) spin: bool,
}

/// Changes to someone's standing, in force at once; done in the order role, grant, revoke. At least one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeParticipant {
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RoleWord")]
    pub(super) role: Option<RoleWord>,
    /// Rights to give.
    #[serde(default)]
    pub(super) grant: Vec<RightWord>,
    /// Rights to take.
    #[serde(default)]
    pub(super) revoke: Vec<RightWord>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Role")]
pub(super) enum RoleWord {
    Owner,
    Cohost,
    Participant,
    Viewer,
}

impl RoleWord {
    pub(super) fn role(self) -> Role {
        match self {
            Self::Owner => Role::Owner,
            Self::Cohost => Role::Cohost,
            Self::Participant => Role::Participant,
            Self::Viewer => Role::Viewer,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Right")]
pub(super) enum RightWord {
    PublishAudio,
    PublishVideo,
    PublishScreen,
    Subscribe,
    Chat,
    ChatPrivate,
    RaiseHand,
    Admit,
    Moderate,
    Manage,
}

impl RightWord {
    fn right(self) -> Right {
        match self {
            Self::PublishAudio => Right::PublishAudio,
            Self::PublishVideo => Right::PublishVideo,
            Self::PublishScreen => Right::PublishScreen,
            Self::Subscribe => Right::Subscribe,
            Self::Chat => Right::Chat,
            Self::ChatPrivate => Right::ChatPrivate,
            Self::RaiseHand => Right::RaiseHand,
            Self::Admit => Right::Admit,
            Self::Moderate => Right::Moderate,
            Self::Manage => Right::Manage,
        }
    }

    pub(super) fn all(words: &[Self]) -> Rights {
        words.iter().fold(Rights::NONE, |sum, word| sum.with(word.right()))
    }
}

/// Which messages: a page going back from `before` (without either: from the end), or forward from `after`.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MessagesQuery {
    /// Only messages before this `no`.
    #[schemars(with = "i64", range(min = 0))]
    pub(super) before: Option<i64>,
    /// Only messages after this `no`.
    #[schemars(with = "i64", range(min = 0))]
    pub(super) after: Option<i64>,
    /// Messages on the page, 1 to 100.
    #[schemars(with = "u32", range(min = 1, max = 100), extend("default" = 50))]
    pub(super) limit: Option<u32>,
    /// Only messages whose text holds this, compared without case; 1 to 100 characters.
    #[schemars(with = "String", length(min = 1, max = 100))]
    pub(super) search: Option<String>,
}

/// Which page of a list, the newest first.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// Where the page before ended: its `next`.
    #[schemars(with = "String", regex(pattern = "^[0-9]{1,15}[.][0-9a-f]{32}$"))]
    pub(super) cursor: Option<String>,
    /// Items on the page, 1 to 100.
    #[schemars(with = "u32", range(min = 1, max = 100), extend("default" = 50))]
    pub(super) limit: Option<u32>,
}
