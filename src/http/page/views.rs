//! What the page shows at which address, and the modules it needs there: `web/assets/js/app.js` knows the same addresses.

/// A group of addresses that need the same modules and headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// `/`
    Start,
    /// `/m/<code>`
    Meeting,
    /// Signing in and up, the account, its meetings.
    Account,
    /// `/reset`: its address may hold a secret, which no request that the page makes may repeat.
    Reset,
}

impl View {
    pub(super) const ALL: [Self; 4] = [Self::Start, Self::Meeting, Self::Account, Self::Reset];

    pub(super) fn at(path: &str) -> Option<Self> {
        match path {
            "/" => Some(Self::Start),
            "/signin" | "/signup" | "/forgot" | "/account" | "/meetings" | "/history" => Some(Self::Account),
            "/reset" => Some(Self::Reset),
            path => meeting_in(path).map(|_| Self::Meeting),
        }
    }

    /// What `app.js` fetches for this view, below `web/`.
    pub(super) fn module(self) -> &'static str {
        match self {
            Self::Start => "assets/js/landing.js",
            Self::Meeting => "assets/js/meeting.js",
            Self::Account | Self::Reset => "assets/js/account/views.js",
        }
    }
}

/// The code in `/m/<code>`, with or without a slash after it.
fn meeting_in(path: &str) -> Option<&str> {
    let code = path.strip_prefix("/m/")?;
    Some(code.strip_suffix('/').unwrap_or(code)).filter(|code| is_one_segment(code))
}

fn is_one_segment(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && !text.contains('/')
}
