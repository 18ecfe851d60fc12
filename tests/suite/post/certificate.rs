//! A certificate for this machine, and the authority that nobody else knows, made by openssl.
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub(super) struct Certificate {
    folder: TempDir,
}

impl Certificate {
    pub(super) fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        let authority =
            ["-x509", "-days", "2", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"];
        openssl(folder.path(), &[&["req"], &key[..], &authority[..]].concat());
        let request = ["-subj", "/CN=Test server", "-keyout", "server.key", "-out", "server.csr"];
        openssl(folder.path(), &[&["req"], &key[..], &request[..]].concat());
        std::fs::write(folder.path().join("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n").unwrap();
        let signed =
            ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
        let files = ["x509", "-req", "-in", "server.csr", "-out", "server.pem"];
        openssl(folder.path(), &[&files[..], &signed[..]].concat());
        Self { folder }
    }

    /// `ca.pem`, `server.pem` or `server.key`.
    pub(super) fn file(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.display().to_string()
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").current_dir(folder).args(arguments).output();
    let done = done.expect("openssl is there: scripts/test installs it");
    assert!(done.status.success(), "openssl: {}", String::from_utf8_lossy(&done.stderr));
}
