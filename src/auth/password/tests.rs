//! Passwords: what opens what, what is refused without work, and that a flood waits its turn or is turned away.
use super::*;
use proptest::prelude::*;

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

fn hasher(at_once: usize, queue: usize) -> Hasher {
    let wait = Duration::from_secs(5);
    Hasher::new(Settings { at_once, queue, wait }, Counter::default())
}

#[tokio::test]
async fn a_password_opens_what_was_kept_of_it_and_nothing_else_does() {
    let hasher = hasher(1, 8);
    let kept = hasher.hash(password("drei Töpfe mit Senf")).await.unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    assert_ne!(hasher.hash(password("drei Töpfe mit Senf")).await.unwrap(), kept, "salted");
    let says = async |text| hasher.verify(password(text), Some(&kept)).await.unwrap();
    assert_eq!(says("drei Töpfe mit Senf").await, Verdict::Right);
    assert_eq!(says("drei To\u{308}pfe mit Senf").await, Verdict::Right, "the other form of ö");
    for wrong in ["drei Töpfe mit Sen", "drei Töpfe mit Senf ", "drei töpfe mit senf", "x"] {
        assert_eq!(says(wrong).await, Verdict::Wrong, "{wrong}");
    }
}

#[tokio::test]
async fn unknown_users_cost_one_hash_too() {
    let hasher = hasher(1, 8);
    let kept = hasher.hash(password("a real one here")).await.unwrap();
    let before = hasher.done();
    assert_eq!(hasher.verify(password("anything"), None).await, Ok(Verdict::Wrong));
    assert_eq!(hasher.done() - before, 1);
    assert_eq!(hasher.verify(password("anything"), Some(&kept)).await, Ok(Verdict::Wrong));
    assert_eq!(hasher.done() - before, 2);
}

#[tokio::test]
async fn what_another_system_brought_is_good_once_and_outdated() {
    let hasher = hasher(1, 8);
    let brought = bcrypt::hash("hunter2hunter2", 4).unwrap();
    for kind in ["$2y$", "$2b$"] {
        let brought = brought.replacen("$2b$", kind, 1);
        let says = async |text| hasher.verify(password(text), Some(&brought)).await.unwrap();
        assert_eq!(says("hunter2hunter2").await, Verdict::RightButOutdated);
        assert_eq!(says("hunter2hunter").await, Verdict::Wrong);
        assert!(is_outdated(&brought));
    }
    let weaker =
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$BvK0FhVxFeBnCZFdPZOlLBnZGQKx4V2xQZiPFhkpLbI";
    assert!(is_outdated(weaker) && !is_outdated(&hasher.hash(password("x")).await.unwrap()));
}

#[tokio::test]
async fn damaged_or_boundless_hashes_open_nothing() {
    let hasher = hasher(1, 8);
    let dear = bcrypt::hash("hunter2hunter2", 4).unwrap().replacen("$04$", "$31$", 1);
    let vast =
        "$argon2id$v=19$m=4000000,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$BvK0FhVxFeBnCZFdPZOlLBnZGQKx4V2xQZiPFhkpLbI";
    for kept in ["", "*", "$2y$", "$2y$aé", "$argon2id$", "plain", &dear, vast] {
        assert_eq!(hasher.verify(password("hunter2hunter2"), Some(kept)).await, Ok(Verdict::Wrong), "{kept}");
    }
}

#[test]
fn too_long_and_broken_ones_are_refused_before_any_work() {
    let refused = |text: &str| Password::parse(text).unwrap_err();
    assert_eq!(refused(""), Fault::WeakPassword { reason: "short" });
    assert_eq!(refused(&"a".repeat(129)), Fault::WeakPassword { reason: "long" });
    assert_eq!(refused(&"a".repeat(1 << 20)), Fault::WeakPassword { reason: "long" });
    for text in ["nul\0inside", "a line\nbreak", "return\r", "\u{85}"] {
        assert_eq!(refused(text).code(), "invalid_field", "{text:?}");
    }
    assert!(Password::parse(&"🐒".repeat(128)).is_ok(), "128 characters of any kind");
    assert!(!format!("{:?}", password("hunter2")).contains("hunter2"));
}

#[tokio::test]
async fn a_flood_waits_its_turn_or_is_turned_away() {
    let hasher = hasher(1, 2);
    let bench = hasher.enter().await.unwrap();
    let mut waiting: Vec<_> = Vec::new();
    for _ in 0..2 {
        let hasher = hasher.clone();
        waiting.push(tokio::spawn(async move { hasher.verify(password("x"), None).await }));
    }
    while hasher.0.places.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(hasher.verify(password("x"), None).await, Err(Fault::Busy), "the queue is full");
    assert_eq!(hasher.done(), 0, "one at a time");
    drop(bench);
    for one in waiting {
        assert_eq!(one.await.unwrap(), Ok(Verdict::Wrong));
    }
    assert_eq!(hasher.done(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_hears_busy_and_gives_the_place_back() {
    let hasher = hasher(1, 1);
    let _bench = hasher.enter().await.unwrap();
    assert_eq!(hasher.verify(password("x"), None).await, Err(Fault::Busy));
    assert_eq!((hasher.done(), hasher.0.places.available_permits()), (0, 1));
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in any::<String>()) {
        if let Ok(password) = Password::parse(&text) {
            prop_assert_eq!(password.expose(), &text);
        }
    }

    #[test]
    fn any_kept_text_is_judged(kept in "(\\$2[aby]\\$|\\$argon2id\\$v=19\\$m=8,t=1,p=1\\$)?\\PC{0,80}") {
        prop_assert_eq!(kept::verify(&password("x"), &kept), Verdict::Wrong);
    }
}
