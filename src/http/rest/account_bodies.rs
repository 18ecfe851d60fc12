//! What REST takes about accounts. None of these may be printed: they hold passwords and codes.
use super::json::given;
use schemars::JsonSchema;
use serde::Deserialize;

/// Letters, digits and `._-` between them, with at least one letter (`auth::username`).
const USERNAME: &str =
    "^(?:[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]|[0-9][0-9._-]*[A-Za-z](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)$";
/// What people type as a number; whether it exists is for the numbering plans.
const PHONE: &str = "^ *(?:\\+|00)[0-9 ()./-]+$";
const LOCALE: &str = "^[A-Za-z][A-Za-z0-9]{0,7}(?:-[A-Za-z0-9]{1,8})*$";

/// How the session is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Deliver {
    /// As `token` in the answer, for `Authorization: Bearer`.
    #[default]
    Bearer,
    /// As a cookie that no script can read; the answer holds no token.
    Cookie,
}

/// A new account. It needs an e-mail address or a phone number, and begins when the code sent there is shown.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["email"]}, {"required": ["phone"]}]))]
pub(super) struct SignUp {
    /// 1 to 64 characters, as others see it.
    #[schemars(length(min = 1, max = 64))]
    pub(super) name: String,
    /// 3 to 32 letters, digits, `.`, `_`, `-`; unique, compared without case.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 3, max = 32), regex(pattern = USERNAME))]
    pub(super) username: Option<String>,
    /// This or phone.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(max = 254), extend("format" = "email"))]
    pub(super) email: Option<String>,
    /// With its country code, such as +49 30 901820.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(max = 40), regex(pattern = PHONE))]
    pub(super) phone: Option<String>,
    /// May be left out: then codes are the way in.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = 128))]
    pub(super) password: Option<String>,
    /// A language tag, such as en or de-AT.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(max = 16), regex(pattern = LOCALE), extend("default" = "en"))]
    pub(super) locale: Option<String>,
}

/// The code that was sent.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShowCode {
    /// As the answer to the asking said.
    pub(super) flow: String,
    /// Digits; spaces and hyphens don't count.
    pub(super) code: String,
    #[serde(default)]
    pub(super) session: Deliver,
}

/// Signing in with a password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// Username, e-mail address or phone number.
    #[schemars(length(min = 1, max = 254))]
    pub(super) login: String,
    #[schemars(length(min = 1, max = 128))]
    pub(super) password: String,
    #[serde(default)]
    pub(super) session: Deliver,
}

/// Where a code is to be sent: exactly one of the two.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["email"]}, {"required": ["phone"]}]))]
pub(super) struct AskCode {
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(max = 254), extend("format" = "email"))]
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(max = 40), regex(pattern = PHONE))]
    pub(super) phone: Option<String>,
}

/// A flow whose code is to be sent anew.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resend {
    pub(super) flow: String,
}

/// An e-mail address.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GiveEmail {
    #[schemars(length(max = 254), extend("format" = "email"))]
    pub(super) email: String,
}

/// A phone number with its country code.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivePhone {
    #[schemars(length(max = 40), regex(pattern = PHONE))]
    pub(super) phone: String,
}

/// A code for a further way in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmCode {
    pub(super) flow: String,
    pub(super) code: String,
}

/// The token of the mail, and what the password is to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetPassword {
    /// `cvr_…`, good for 30 minutes, once.
    pub(super) token: String,
    #[schemars(length(min = 1, max = 128))]
    pub(super) password: String,
}

/// Changes to one's account; what is left out stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeMe {
    /// 1 to 64 characters.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = 64))]
    pub(super) name: Option<String>,
    /// 3 to 32 letters, digits, `.`, `_`, `-`.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 3, max = 32), regex(pattern = USERNAME))]
    pub(super) username: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(max = 16), regex(pattern = LOCALE))]
    pub(super) locale: Option<String>,
}

/// A new password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePassword {
    /// The one until now; an account that has none must have signed in within the last 15 minutes.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = 128))]
    pub(super) current: Option<String>,
    #[schemars(length(min = 1, max = 128))]
    pub(super) password: String,
}

/// The wish to go.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeleteMe {
    /// Of an account that has one; others must have signed in within the last 15 minutes.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", length(min = 1, max = 128))]
    pub(super) password: Option<String>,
}

/// A new API key.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateKey {
    /// 1 to 64 characters, to tell it by.
    #[schemars(length(min = 1, max = 64))]
    pub(super) name: String,
    /// At least one.
    #[schemars(length(min = 1))]
    pub(super) scopes: Vec<ScopeWord>,
    /// RFC 3339; left out: until it is revoked.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(super) expires_at: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "Scope")]
pub(super) enum ScopeWord {
    #[serde(rename = "rooms:read")]
    RoomsRead,
    #[serde(rename = "rooms:write")]
    RoomsWrite,
    #[serde(rename = "moderate")]
    Moderate,
    #[serde(rename = "events:read")]
    EventsRead,
}

/// What proves that a guest's room is the asker's.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimRoom {
    /// `cvo_…`, as it was given when the room was made.
    pub(super) owner_secret: String,
}
