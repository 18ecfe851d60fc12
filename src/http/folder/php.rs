//! PHP in a page: never run and never shown; what stands between its tags is left out.

/// The bytes of a page without `<?…?>`; an end tag takes the line break right behind it along, as PHP does.
pub(super) fn cut(page: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = position(rest, b"<?") {
        kept.extend_from_slice(&rest[..start]);
        let Some(end) = position(&rest[start..], b"?>") else { return kept };
        rest = &rest[start + end + 2..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
    kept.extend_from_slice(rest);
    kept
}

fn position(text: &[u8], wanted: &[u8; 2]) -> Option<usize> {
    text.windows(2).position(|pair| pair == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stays_and_the_program_goes() {
        for (page, kept) in [
            ("<p>plain</p>", "<p>plain</p>"),
            ("<?php session_start(); ?>\n<html>", "<html>"),
            ("a<?php if ($x->y > 1): ?>b<?= $z ?>c<?php endif; ?>\r\nd", "abcd"),
            ("a<?php $secret = 'x';", "a"),
            ("<", "<"),
            ("", ""),
            ("?> a", "?> a"),
        ] {
            assert_eq!(String::from_utf8(cut(page.as_bytes())).unwrap(), kept, "{page:?}");
        }
    }
}
