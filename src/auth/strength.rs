//! Whether a new password is good enough: long enough, not a common one, not made of what everyone knows of its owner.
//! Only for choosing: signing in has no such rule.
use super::password::Password;
use crate::fault::Fault;
use zxcvbn::{Score, zxcvbn};

/// Characters a new password has at least, unless configured otherwise (NIST SP 800-63B-4 asks 15 for a single factor).
pub const LEAST: usize = 10;
/// Characters that are judged; the estimate's work grows with their square.
const JUDGED: usize = 64;
/// Characters of each thing known of the owner.
const KNOWN: usize = 64;

/// Judges a new password. `known` is what others know of its owner: name, username, address.
///
/// # Errors
/// [`Fault::WeakPassword`] with `short`, `common` (fewer than a million guesses) or `personal` (only because of what is known).
pub fn judge(password: &Password, least: usize, known: &[&str]) -> Result<(), Fault> {
    let weak = |reason| Err(Fault::WeakPassword { reason });
    if password.expose().chars().count() < least {
        return weak("short");
    }
    let judged: String = password.expose().chars().take(JUDGED).collect();
    if zxcvbn(&judged, &[]).score() < Score::Two {
        return weak("common");
    }
    let known: Vec<String> = known.iter().map(|text| text.chars().take(KNOWN).collect()).collect();
    let words = known.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let inputs: Vec<&str> =
        known.iter().map(String::as_str).chain(words).filter(|word| word.chars().count() > 2).collect();
    if zxcvbn(&judged, &inputs).score() < Score::Two {
        return weak("personal");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judged(text: &str) -> Result<(), &'static str> {
        let known = ["Zorvath Quellmir", "zorvath.quellmir@example.org"];
        match judge(&Password::parse(text).unwrap(), LEAST, &known) {
            Err(Fault::WeakPassword { reason }) => Err(reason),
            other => other.map_err(|fault| fault.code()),
        }
    }

    #[test]
    fn each_weakness_has_its_word() {
        assert_eq!(judged("x9!Kq"), Err("short"));
        assert_eq!(judged("ééééééééé"), Err("short"), "characters count, not bytes");
        for common in ["password123", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "iloveyou12"] {
            assert_eq!(judged(common), Err("common"), "{common}");
        }
        assert_eq!(judged("zorvathquellmir"), Err("personal"));
        assert_eq!(judged("zorvath.quellmir@example.org"), Err("personal"));
        assert_eq!(judged("correct horse battery"), Ok(()));
        assert_eq!(judged("drei Töpfe mit Senf"), Ok(()));
    }

    proptest! {
        #[test]
        fn any_password_is_judged(text in "\\PC{1,128}", known in any::<String>()) {
            if let Ok(password) = Password::parse(&text) {
                let _ = judge(&password, LEAST, &[&known]);
            }
        }
    }
}
