//! Where clients find files, where they put them, and what they say to people whom they invite.
use super::answer::{Item, Object};
use super::{Asked, Parts, nothing};

/// Where uploaded pictures lie.
pub(super) const FILES: &str = "/mesibo/files/";

impl Parts {
    pub(super) fn file_url(&self, asked: &Asked, file: &str) -> String {
        format!("{}{FILES}{file}", asked.base)
    }

    fn invite(&self, asked: &Asked) -> String {
        let operator = &self.settings.operator;
        format!("Hey, I use {operator} for messages, voice and video calls. Join me at {}", asked.base)
    }

    /// `invite` and `share`.
    pub(super) fn invitation(&self, asked: &Asked) -> Object {
        let text = self.invite(asked);
        let share = nothing()
            .text("text", text.as_str())
            .text("subject", self.settings.operator.as_str())
            .text("title", "Invite a friend via");
        nothing().text("invite", text).item("share", Item::Object(share))
    }

    /// `urls`, and the same under the names of older clients.
    pub(super) fn places(&self, asked: &Asked) -> Object {
        let (files, api) = (self.file_url(asked, ""), format!("{}/api.php", asked.base));
        let urls = nothing().text("download", files.as_str()).text("upload", api.as_str());
        nothing()
            .item("urls", Item::Object(urls))
            .text("downloadurl", files.as_str())
            .text("fileurl", files)
            .text("uploadurl", api)
    }
}
