//! Which path is which endpoint, and what methods it takes.
use warp::http::Method;

/// One of the scripts that were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    SignUp,
    Verify,
    Login,
    Forgot,
    Reset,
    CheckSession,
    Logout,
    StartCall,
    JoinCall,
    CallHistory,
}

/// What is at a path of this face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Endpoint(Endpoint),
    /// Under `/server/`, but nothing: `register.php` among them.
    Nothing,
}

/// `None` for paths that aren't this face's. The page that sets a new password asks one folder too low.
pub(super) fn find(path: &str) -> Option<Found> {
    let script = path.strip_prefix("/client").unwrap_or(path).strip_prefix("/server/")?;
    let endpoint = match script {
        "auth/signup.php" => Endpoint::SignUp,
        "auth/verify.php" => Endpoint::Verify,
        "auth/login.php" => Endpoint::Login,
        "auth/forgot.php" => Endpoint::Forgot,
        "auth/reset.php" => Endpoint::Reset,
        "auth/check_session.php" => Endpoint::CheckSession,
        "auth/logout.php" => Endpoint::Logout,
        "call/start_call.php" => Endpoint::StartCall,
        "call/join_call.php" => Endpoint::JoinCall,
        "call/call_history.php" => Endpoint::CallHistory,
        _ => return Some(Found::Nothing),
    };
    Some(Found::Endpoint(endpoint))
}

impl Endpoint {
    fn is_read(self) -> bool {
        matches!(self, Self::CheckSession | Self::CallHistory)
    }

    pub(super) fn takes(self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD => self.is_read(),
            Method::POST => !self.is_read(),
            _ => false, // no document names another
        }
    }

    /// For `Allow`.
    pub(super) fn methods(self) -> &'static str {
        if self.is_read() { "GET, HEAD, OPTIONS" } else { "POST, OPTIONS" }
    }
}
