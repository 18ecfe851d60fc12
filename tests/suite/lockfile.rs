//! The lock file keeps out what the product must not carry, and holds what must be new enough.

const FORBIDDEN: [&str; 5] =
    ["openssl-sys", "native-tls", "aws-lc-sys", "aws-lc-rs", "socketioxide-parser-msgpack"];

/// Versions below these can be brought down from afar: GHSA-55mf-67qm-4wpg, and sessions lost in a half upgrade.
const AT_LEAST: [(&str, [u64; 3]); 2] = [("socketioxide", [0, 18, 9]), ("engineioxide", [0, 17, 9])];

fn packages() -> Vec<(String, String)> {
    let lock: toml::Table = include_str!("../../Cargo.lock").parse().expect("the lock file is toml");
    let packages = lock["package"].as_array().expect("a lock file lists packages");
    let text = |package: &toml::Value, key| {
        package[key].as_str().expect("a package has name and version").to_owned()
    };
    packages.iter().map(|package| (text(package, "name"), text(package, "version"))).collect()
}

#[test]
fn what_is_forbidden_is_not_linked() {
    let packages = packages();
    assert!(packages.iter().any(|(name, _)| name == "tokio"), "the lock file was read");
    for name in FORBIDDEN {
        assert!(
            !packages.iter().any(|(package, _)| package == name),
            "{name} must stay out of the lock file"
        );
    }
}

#[test]
fn what_had_holes_is_new_enough() {
    let packages = packages();
    for (name, least) in AT_LEAST {
        let found: Vec<_> = packages.iter().filter(|(package, _)| package == name).collect();
        assert!(!found.is_empty(), "{name} is in use");
        for (_, version) in found {
            let parts: Vec<u64> = version.split('.').filter_map(|part| part.parse().ok()).collect();
            assert!(parts.as_slice() >= least.as_slice(), "{name} {version} is older than {least:?}");
        }
    }
}
