//! The words in German.
use super::{Link, Setting, Words, reset_path};
use crate::post::{CodeFor, Notice};

pub(super) fn words(notice: &Notice, setting: Setting<'_>) -> Words {
    let name = setting.operator;
    match notice {
        Notice::Code { opens, code, minutes } => code_words(*opens, code.reveal(), *minutes, name),
        Notice::AccountExists => plain(
            format!("Ihr Konto bei {name}"),
            format!(
                "Jemand, vielleicht Sie selbst, wollte sich bei {name} mit dieser Adresse registrieren. Sie hat schon ein Konto."
            ),
            setting.link("Anmelden", "/signin"),
            &[
                "Haben Sie Ihr Passwort vergessen, können Sie dort ein neues wählen. Waren Sie es nicht, tun Sie nichts: Es hat sich nichts geändert.",
            ],
            format!(
                "{name}: Sie haben schon ein Konto, bitte melden Sie sich an. Waren Sie es nicht, hat sich nichts geändert."
            ),
        ),
        Notice::ResetLink { token, minutes, page } => plain(
            format!("Ein neues Passwort für {name}"),
            format!("Hier können Sie ein neues Passwort für Ihr Konto bei {name} wählen:"),
            setting.link("Neues Passwort wählen", &reset_path(*page, token.reveal())),
            &[
                &format!(
                    "Der Link gilt einmal, innerhalb von {minutes} Minuten. Das neue Passwort meldet Sie überall ab."
                ),
                "Haben Sie nicht darum gebeten, tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
            ],
            format!("{name}: neues Passwort wählen: {}{}", setting.base, reset_path(*page, token.reveal())),
        ),
        Notice::PasswordChanged => plain(
            format!("Ihr Passwort für {name} wurde geändert"),
            format!(
                "Das Passwort Ihres Kontos bei {name} wurde geändert, und alle anderen Geräte wurden abgemeldet."
            ),
            setting.link("Das war ich nicht: neues Passwort wählen", "/forgot"),
            &["Waren Sie es selbst, ist alles gut."],
            format!(
                "{name}: Ihr Passwort wurde geändert. Waren Sie es nicht, wählen Sie ein neues: {}/forgot",
                setting.base
            ),
        ),
        Notice::AddressRemoved => plain(
            format!("Ihre Adresse bei {name} wurde entfernt"),
            format!(
                "Diese Adresse gehört nicht mehr zu Ihrem Konto bei {name}: Sie wurde entfernt oder ersetzt."
            ),
            setting.link("Anmelden", "/signin"),
            &[
                "Waren Sie es nicht, melden Sie sich an, ändern Sie Ihr Passwort und tragen Sie sie wieder ein.",
            ],
            format!(
                "{name}: Diese Nummer gehört nicht mehr zu Ihrem Konto. Waren Sie es nicht, ändern Sie Ihr Passwort."
            ),
        ),
    }
}

fn code_words(opens: CodeFor, code: &str, minutes: u32, name: &str) -> Words {
    let (subject, lead, else_) = match opens {
        CodeFor::SignUp => (
            format!("Ihr Code für {name}"),
            format!("Mit diesem Code schließen Sie Ihre Registrierung bei {name} ab:"),
            "Haben Sie sich nicht registriert, tun Sie nichts: Ohne den Code entsteht kein Konto.",
        ),
        CodeFor::SignIn => (
            format!("Ihr Code für {name}"),
            format!("Mit diesem Code melden Sie sich bei {name} an:"),
            "Haben Sie nicht darum gebeten, tun Sie nichts und sagen Sie ihn niemandem.",
        ),
        CodeFor::NewAddress => (
            format!("Bestätigen Sie Ihre Adresse bei {name}"),
            format!("Mit diesem Code gehört diese Adresse zu Ihrem Konto bei {name}:"),
            "Haben Sie nicht darum gebeten, tun Sie nichts: Ohne den Code ändert sich nichts.",
        ),
    };
    let good = format!("Er gilt {minutes} Minuten und nur einmal.");
    let short =
        format!("{code} ist Ihr Code für {name}. Er gilt {minutes} Minuten. Sagen Sie ihn niemandem.");
    let code = Some(code.to_owned());
    Words { code, ..plain(subject, lead, None, &[&good, else_], short) }
}

fn plain(subject: String, lead: String, link: Option<Link>, notes: &[&str], short: String) -> Words {
    let notes = notes.iter().map(|note| (*note).to_owned()).collect();
    Words { language: "de", subject, lead, code: None, link, notes, short }
}
