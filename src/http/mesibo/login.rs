//! `login`: by a code that comes by mail or text message. The first step answers nothing but that it is done.
use super::answer::{Object, Said};
use super::{Asked, Parts, name, nothing};
use crate::fault::Fault;
use crate::service::accounts::{Accounts, Entered, Way};
use crate::service::captcha::Solved;

/// Characters of a number as it is typed at least.
const PHONE_LEAST: usize = 9;
/// Who is meant by a request that says nothing: the oldest pages.
const OLDEST: &str = "javascript";

impl Parts {
    pub(super) async fn log_in(&self, asked: &Asked) -> Said {
        let phone = [asked.text("phone"), asked.text("phonel")].into_iter().find(|text| !text.is_empty());
        match phone {
            Some(phone) => self.by_phone(asked, phone).await,
            None => self.by_email(asked).await,
        }
    }

    async fn by_email(&self, asked: &Asked) -> Said {
        let (email, code) = (asked.text("email").to_lowercase(), code(asked));
        let captcha = self.captcha.as_ref().filter(|_| code.is_empty());
        let (appid, name) = (asked.fields.maybe("appid").unwrap_or(OLDEST), name(asked.text("name")));
        let missing = if captcha.is_some() && asked.text("captcha").is_empty() {
            Some("MISSINGCAPTCHA")
        } else if email.is_empty() {
            Some("MISSINGEMAIL")
        } else if appid.is_empty() {
            Some("MISSINGAPPID")
        } else if name.is_empty() {
            Some("MISSINGNAME")
        } else {
            None
        };
        if let Some(word) = missing {
            return Said::failed(word);
        }
        if let Some(captcha) = captcha
            && captcha.judge(asked.text("captcha"), asked.visit.from).await == Solved::No
        {
            return Said::failed("BADCAPTCHA");
        }
        let way = Way::Email(&email);
        if code.is_empty() {
            return match self.accounts.ask_entry(way, &asked.visit).await {
                Ok(()) => Said::done(),
                Err(Fault::InvalidEmail) => Said::failed("MISSINGEMAIL"),
                Err(fault) => self.refused(&fault),
            };
        }
        match self.accounts.enter_by_code(way, code, &name, &asked.visit).await {
            Ok(entered) => match self.by_email_done(&email, &entered).await {
                Ok(fields) => Said::Done(fields),
                Err(fault) => self.refused(&fault),
            },
            Err(fault) => self.not_entered(&fault, nothing()),
        }
    }

    async fn by_email_done(&self, email: &str, entered: &Entered) -> Result<Object, Fault> {
        let uid = self.accounts.number(entered.account.id).await?;
        Ok(nothing()
            .text("token", entered.token.as_str())
            .text("name", entered.account.name.as_str())
            .text("address", self.accounts.alias_of(email))
            .number("uid", uid))
    }

    async fn by_phone(&self, asked: &Asked, phone: &str) -> Said {
        if asked.text("appid").is_empty() {
            return Said::failed("MISSINGAPPID");
        }
        let phone = digits(phone);
        if phone.len() < PHONE_LEAST {
            return Said::failed("");
        }
        let (number, code) = (format!("+{phone}"), code(asked));
        let way = Way::Phone(&number);
        if code.is_empty() {
            return match self.accounts.ask_entry(way, &asked.visit).await {
                Ok(()) => Said::done(),
                Err(Fault::InvalidPhone) => Said::failed(""),
                Err(fault) => self.refused(&fault),
            };
        }
        match self.accounts.enter_by_code(way, code, &name(asked.text("name")), &asked.visit).await {
            Ok(entered) => match self.by_phone_done(asked, &entered).await {
                Ok(fields) => Said::Done(fields),
                Err(fault) => self.refused(&fault),
            },
            Err(fault) => self.not_entered(&fault, nothing().text("errmsg", "Invalid OTP")),
        }
    }

    async fn by_phone_done(&self, asked: &Asked, entered: &Entered) -> Result<Object, Fault> {
        let card = self.contacts.card(entered.account.id).await?;
        let phone = entered.account.phone.as_deref().unwrap_or_default();
        let (file, thumbnail) =
            card.photo.map_or((String::new(), None), |photo| (photo.file, Some(photo.thumbnail)));
        let fields = nothing()
            .text("token", entered.token.as_str())
            .text("name", entered.account.name.as_str())
            .text("status", card.status)
            .text("photo", file);
        let fields = match thumbnail {
            Some(thumbnail) => fields.text("tn", thumbnail),
            None => fields,
        };
        Ok(fields
            .text("phone", phone.trim_start_matches('+'))
            .text("cc", Accounts::country_of(phone))
            .text("google", self.settings.google_key.as_str())
            .and(self.invitation(asked))
            .and(self.places(asked)))
    }

    /// A code that doesn't fit, whatever the reason: also when it may not be tried any more.
    fn not_entered(&self, fault: &Fault, more: Object) -> Said {
        match fault {
            Fault::CodeInvalid | Fault::RateLimited { .. } => {
                self.metrics.refused(fault.code());
                Said::Failed("BADCODE", more)
            }
            Fault::Unauthenticated => Said::failed("BADUSER"),
            other => self.refused(other),
        }
    }
}

/// `code`, as newer clients say `otp`.
fn code(asked: &Asked) -> &str {
    let names = ["code", "otp"].map(|name| asked.text(name));
    names.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// The digits of a number with its country code: no `+`, no zeros and nothing else before them.
pub(super) fn digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '+')).collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return String::new();
    }
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_digits() {
        for text in
            ["919876543210", "+919876543210", " 00919876543210", "91 98765-43210", "+91 (98765) 43210"]
        {
            assert_eq!(digits(text), "919876543210", "{text}");
        }
        for text in ["", "+", "abc", "91x", "000", "91'--"] {
            assert!(digits(text).is_empty(), "{text}");
        }
    }
}
