//! What came for somebody: the newest code or link in the files.
use std::time::Duration;

use tokio::time::timeout;

use super::program::Program;
use super::talk::Talk;

/// The newest message to `to` that holds `mark`, once there are so many of them; soft line breaks joined.
async fn message(program: &Program, talk: &Talk, to: &str, mark: &str, count: usize) -> String {
    let folder = program.folder().join(if to.starts_with('+') { "sms" } else { "mail" });
    let wait = async {
        loop {
            let mut files: Vec<_> = std::fs::read_dir(&folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .collect();
            files.retain(|file| file.extension().is_some_and(|end| end != "draft"));
            files.sort();
            let texts = files.iter().filter_map(|file| std::fs::read_to_string(file).ok());
            let plain = texts.map(|text| text.replace("=\r\n", "").replace("=3D", "="));
            let mut found: Vec<_> =
                plain.filter(|text| text.contains(&format!("To: {to}")) && text.contains(mark)).collect();
            if found.len() >= count {
                return found.pop().expect("count is above 0");
            }
            talk.metrics().await;
        }
    };
    timeout(Duration::from_secs(20), wait).await.unwrap_or_else(|_| panic!("no {mark:?} came for {to}"))
}

/// The code in the message of that number to `to` (1 is the first that holds one).
pub(super) async fn code(program: &Program, talk: &Talk, to: &str, number: usize) -> String {
    let text = message(program, talk, to, "code", number).await;
    let body = text.split_once("\n\n").or_else(|| text.split_once("\r\n\r\n")).expect("a body").1.to_owned();
    let mut words = body.split(|c: char| !c.is_ascii_alphanumeric());
    let code = words.find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
    code.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

/// The token in the link to a new password.
pub(super) async fn reset_token(program: &Program, talk: &Talk, to: &str) -> String {
    let text = message(program, talk, to, "cvr_", 1).await;
    let at = text.find("cvr_").expect("it is there");
    text[at..].split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c))).next().unwrap().to_owned()
}
