//! The lock file keeps out what the product must not carry.

const FORBIDDEN: [&str; 4] = ["openssl-sys", "native-tls", "aws-lc-sys", "aws-lc-rs"];

fn packages() -> Vec<String> {
    let lock: toml::Table = include_str!("../../Cargo.lock").parse().expect("the lock file is toml");
    let packages = lock["package"].as_array().expect("a lock file lists packages");
    packages
        .iter()
        .map(|package| package["name"].as_str().expect("a package has a name").to_owned())
        .collect()
}

#[test]
fn no_system_tls_is_linked() {
    let packages = packages();
    assert!(packages.iter().any(|name| name == "tokio"), "the lock file was read");
    for name in FORBIDDEN {
        assert!(!packages.iter().any(|package| package == name), "{name} must stay out of the lock file");
    }
}
