//! The words in English.
use super::{Link, Setting, Words, reset_path};
use crate::post::{CodeFor, Notice};

pub(super) fn words(notice: &Notice, setting: Setting<'_>) -> Words {
    let name = setting.operator;
    match notice {
        Notice::Code { opens, code, minutes } => code_words(*opens, code.reveal(), *minutes, name),
        Notice::AccountExists => plain(
            format!("Your account at {name}"),
            format!(
                "Somebody, perhaps you, wanted to sign up at {name} with this address. It has an account already."
            ),
            setting.link("Sign in", "/signin"),
            &[
                "If you have forgotten your password, you can choose a new one there. If it was not you, do nothing: nothing has changed.",
            ],
            format!(
                "{name}: you have an account already, please sign in. If it was not you, nothing has changed."
            ),
        ),
        Notice::ResetLink { token, minutes, page } => plain(
            format!("A new password for {name}"),
            format!("You can choose a new password for your account at {name} here:"),
            setting.link("Choose a new password", &reset_path(*page, token.reveal())),
            &[
                &format!(
                    "The link works once, within {minutes} minutes. The new password signs you out everywhere."
                ),
                "If you did not ask for it, do nothing: your password stays as it is.",
            ],
            format!("{name}: choose a new password: {}{}", setting.base, reset_path(*page, token.reveal())),
        ),
        Notice::PasswordChanged => plain(
            format!("Your password for {name} was changed"),
            format!(
                "The password of your account at {name} was changed, and all other devices were signed out."
            ),
            setting.link("It was not me: choose a new password", "/forgot"),
            &["If it was you, all is well."],
            format!(
                "{name}: your password was changed. If it was not you, choose a new one at {}/forgot",
                setting.base
            ),
        ),
        Notice::AddressRemoved => plain(
            format!("Your address at {name} was removed"),
            format!(
                "This address no longer belongs to your account at {name}: it was removed, or another took its place."
            ),
            setting.link("Sign in", "/signin"),
            &["If it was not you, sign in, change your password and put it back."],
            format!(
                "{name}: this number no longer belongs to your account. If it was not you, sign in and change your password."
            ),
        ),
    }
}

fn code_words(opens: CodeFor, code: &str, minutes: u32, name: &str) -> Words {
    let (subject, lead, else_) = match opens {
        CodeFor::SignUp => (
            format!("Your code for {name}"),
            format!("Enter this code to finish signing up at {name}:"),
            "If you did not sign up, do nothing: without the code there is no account.",
        ),
        CodeFor::SignIn => (
            format!("Your code for {name}"),
            format!("Enter this code to sign in to {name}:"),
            "If you did not ask for it, do nothing, and never tell it to anyone.",
        ),
        CodeFor::NewAddress => (
            format!("Confirm your address at {name}"),
            format!("Enter this code to add this address to your account at {name}:"),
            "If you did not ask for it, do nothing: nothing changes without the code.",
        ),
    };
    let good = format!("It is good for {minutes} minutes and works once.");
    let short =
        format!("{code} is your code for {name}. Good for {minutes} minutes. Never tell it to anyone.");
    let code = Some(code.to_owned());
    Words { code, ..plain(subject, lead, None, &[&good, else_], short) }
}

fn plain(subject: String, lead: String, link: Option<Link>, notes: &[&str], short: String) -> Words {
    let notes = notes.iter().map(|note| (*note).to_owned()).collect();
    Words { language: "en", subject, lead, code: None, link, notes, short }
}
