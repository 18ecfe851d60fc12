//! Turns what happened into what is read: a mail of text and HTML, or a text message, by the templates in `templates/`.
use askama::Template;

use super::words::{self, Setting, Words};
use super::{Hidden, Post, PostId, To};

/// Who writes, and where links lead. Everything comes from the configuration, nothing from a request.
#[derive(Debug, Clone)]
pub struct Writer {
    /// The operator's name, as in "your code for …".
    pub operator: String,
    /// A line on how to reach the operator; may be empty.
    pub address: String,
    /// How browsers reach this server, scheme and host without a slash at the end.
    pub base: String,
}

/// A mail, ready to be sent to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub id: PostId,
    pub to: Hidden,
    pub subject: String,
    pub text: Hidden,
    pub html: Hidden,
}

/// A text message, ready to be sent to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: PostId,
    /// In E.164.
    pub to: Hidden,
    pub text: Hidden,
}

/// What goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    Mail(Letter),
    Sms(Line),
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    words: &'a Words,
    operator: &'a str,
    address: &'a str,
    home: &'a str,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    words: &'a Words,
    operator: &'a str,
    address: &'a str,
    home: &'a str,
}

impl Writer {
    /// # Errors
    /// A template that can't be filled: none of ours.
    pub fn write(&self, id: PostId, post: &Post) -> Result<Written, askama::Error> {
        let setting = Setting { operator: &self.operator, base: &self.base };
        let words = words::of(post.locale, &post.notice, setting);
        match &post.to {
            To::Mail(to) => self.letter(id, to.clone(), words).map(Written::Mail),
            To::Sms(to) => Ok(Written::Sms(Line { id, to: to.clone(), text: self.line(&words) })),
        }
    }

    fn letter(&self, id: PostId, to: Hidden, words: Words) -> Result<Letter, askama::Error> {
        let (operator, address, home) = (&*self.operator, &*self.address, &*self.base);
        let text = Text { words: &words, operator, address, home }.render()?;
        let html = Html { words: &words, operator, address, home }.render()?;
        Ok(Letter { id, to, subject: words.subject, text: Hidden::new(text), html: Hidden::new(html) })
    }

    /// A code ends with the line by which phones offer it to the page it belongs to, and to no other
    /// (<https://wicg.github.io/sms-one-time-codes/>).
    fn line(&self, words: &Words) -> Hidden {
        let host = self.base.strip_prefix("https://");
        match (&words.code, host) {
            (Some(code), Some(host)) => Hidden::new(format!("{}\n\n@{host} #{code}", words.short)),
            _ => Hidden::new(words.short.clone()), // without a secure origin no phone would offer it
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{CodeFor, Locale, Notice, ResetPage};

    fn writer(base: &str) -> Writer {
        let (operator, address) = ("Meet & <Greet>".to_owned(), "Ring 1, Wien".to_owned());
        Writer { operator, address, base: base.to_owned() }
    }

    fn every_notice() -> Vec<Notice> {
        let code = |opens| Notice::Code { opens, code: Hidden::new("123456"), minutes: 5 };
        vec![
            code(CodeFor::SignUp),
            code(CodeFor::SignIn),
            code(CodeFor::NewAddress),
            Notice::AccountExists,
            Notice::ResetLink { token: Hidden::new("cvr_abc-_9"), minutes: 30, page: ResetPage::Own },
            Notice::PasswordChanged,
            Notice::AddressRemoved,
        ]
    }

    fn letter(locale: Locale, notice: Notice) -> Letter {
        let post = Post { to: To::Mail(Hidden::new("ana@example.org")), locale, notice };
        match writer("https://meet.example").write(PostId::fresh(), &post).unwrap() {
            Written::Mail(letter) => letter,
            Written::Sms(line) => panic!("a mail was asked for: {line:?}"),
        }
    }

    fn line(base: &str, locale: Locale, notice: Notice) -> String {
        let post = Post { to: To::Sms(Hidden::new("+4915112345678")), locale, notice };
        match writer(base).write(PostId::fresh(), &post).unwrap() {
            Written::Sms(line) => line.text.reveal().to_owned(),
            Written::Mail(letter) => panic!("a text message was asked for: {letter:?}"),
        }
    }

    #[test]
    fn every_mail_names_the_operator_in_text_and_escaped_in_html() {
        for locale in [Locale::En, Locale::De] {
            for notice in every_notice() {
                let letter = letter(locale, notice);
                let (text, html) = (letter.text.reveal(), letter.html.reveal());
                assert!(text.contains("Meet & <Greet>") && text.contains("Ring 1, Wien"), "{text}");
                assert!(html.contains("Ring 1, Wien") && !html.contains("<Greet>"), "{html}");
                assert!(text.ends_with("https://meet.example") && !text.contains("\n\n\n"), "{text}");
                assert!(
                    !letter.subject.is_empty() && !letter.subject.contains("123456"),
                    "{}",
                    letter.subject
                );
            }
        }
    }

    #[test]
    fn a_code_stands_on_a_line_of_its_own_and_a_link_behind_the_hash() {
        for locale in [Locale::En, Locale::De] {
            let [code, .., reset, _, _] = &every_notice()[..] else { panic!("there are seven") };
            let mail = letter(locale, code.clone());
            assert!(mail.text.reveal().lines().any(|line| line.trim() == "123456"));
            assert!(mail.html.reveal().contains(">123456</p>"));
            let mail = letter(locale, reset.clone());
            let link = "https://meet.example/reset#token=cvr_abc-_9";
            assert!(mail.text.reveal().lines().any(|line| line == link), "{:?}", mail.text.reveal());
            assert!(mail.html.reveal().contains(&format!("href=\"{link}\"")), "{}", mail.html.reveal());
        }
    }

    #[test]
    fn a_link_to_a_meet_clients_page_has_its_token_in_the_query() {
        let token = Hidden::new("0f".repeat(32));
        let mail = letter(Locale::De, Notice::ResetLink { token, minutes: 60, page: ResetPage::Meet });
        let link = format!("https://meet.example/client/verify/forgot.php?token={}", "0f".repeat(32));
        assert!(mail.text.reveal().lines().any(|line| line == link), "{:?}", mail.text.reveal());
        let kept = r#"{"reset_link":{"token":"x","minutes":5}}"#;
        let before: Notice = serde_json::from_str(kept).unwrap();
        let page = ResetPage::Own;
        assert_eq!(before, Notice::ResetLink { token: Hidden::new("x"), minutes: 5, page });
    }

    #[test]
    fn the_languages_differ_and_say_which_they_are() {
        for notice in every_notice() {
            let (en, de) = (letter(Locale::En, notice.clone()), letter(Locale::De, notice));
            assert_ne!(en.subject, de.subject);
            assert!(en.html.reveal().contains("lang=\"en\"") && de.html.reveal().contains("lang=\"de\""));
        }
    }

    #[test]
    fn a_code_by_text_message_fits_one_and_is_offered_to_its_own_page_only() {
        for locale in [Locale::En, Locale::De] {
            for notice in every_notice().into_iter().take(3) {
                let text = line("https://meet.example", locale, notice.clone());
                assert!(text.chars().count() <= 160, "{text}");
                assert!(text.ends_with("\n\n@meet.example #123456"), "{text}");
                assert!(!line("http://127.0.0.1:8080", locale, notice).contains('@'));
            }
        }
    }
}
