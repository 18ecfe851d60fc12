//! Signing in by e-mail address alone, as older systems' pages do it, with a password that may have been typed with spaces around.
use super::login::{Login, Meant};
use super::{Accounts, Entered, Visit, input};
use crate::auth::password::{Password, Verdict};
use crate::fault::Fault;

impl Accounts {
    /// Tries the password as it was typed, and without the spaces around it if it has some. No new code is sent to whoever
    /// has not confirmed their address yet.
    ///
    /// # Errors
    /// [`Fault::InvalidEmail`]; [`Fault::Unauthenticated`], one text whatever is wrong; [`Fault::Unverified`] if the
    /// password is right, but the address was never confirmed; [`Fault::RateLimited`], [`Fault::Busy`],
    /// [`Fault::StorageUnavailable`].
    pub async fn login_by_email(&self, email: &str, typed: &str, visit: &Visit) -> Result<Entered, Fault> {
        let login = Login::Email(input::email(email)?.key().to_owned());
        let trimmed = typed.trim();
        let tried: Vec<&str> = if trimmed == typed { vec![typed] } else { vec![typed, trimmed] };
        // what can't be a password is nobody's
        let tried: Vec<Password> = tried.into_iter().filter_map(|text| input::password(text).ok()).collect();
        self.may_fail(visit)?;
        let meant = self.meant(&login).await?;
        let key = self.reserve(login.key(), &meant, visit).await?;
        let found = self.first_right(tried, &meant).await.inspect_err(|_| self.give_back(&key))?;
        match (found, meant) {
            (Some((verdict, password)), Meant::User(user)) => {
                let entered = self.enter(*user, verdict, password, visit).await?;
                self.forgive(&key);
                Ok(entered)
            }
            (Some(_), Meant::Signup(_)) => {
                self.forgive(&key);
                Err(Fault::Unverified { flow: String::new() })
            }
            (_, meant) => Err(self.wrong(meant, visit).await?),
        }
    }

    /// Each costs one hash, whoever is meant and whichever is right.
    async fn first_right(
        &self,
        tried: Vec<Password>,
        meant: &Meant,
    ) -> Result<Option<(Verdict, Password)>, Fault> {
        let mut found = None;
        for password in tried {
            let verdict = self.0.hasher.verify(password.clone(), meant.kept()).await?;
            if verdict != Verdict::Wrong && found.is_none() {
                found = Some((verdict, password));
            }
        }
        Ok(found)
    }
}
