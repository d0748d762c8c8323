//! The data directory: the files of a stack that survive it. They have secrets, so only their owner can read them.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::private_file;

/// Present in every directory that a stack has used.
const LOCK: &str = "lock";
/// The files that exist before they are opened in this run; `SQLite` gives the files beside its database the same
/// permissions.
const FILES: [&str; 9] = [
    LOCK,
    DATABASE,
    "dynamodb.sqlite-journal",
    "dynamodb.sqlite-shm",
    "dynamodb.sqlite-wal",
    JOURNAL,
    "kms-key",
    "sealing-keyring",
    "demo.json",
];
const DATABASE: &str = "dynamodb.sqlite";
const JOURNAL: &str = "sqs.journal";

/// Creates the directory, or closes an existing one and the files of earlier runs to other users. A directory of other
/// files keeps its permissions: others may need it.
pub(super) fn open(data: &Path) -> anyhow::Result<()> {
    if !data.exists() || is_ours(data)? {
        private_file::directory(data)?;
    }
    for file in FILES.map(|name| data.join(name)) {
        if file.exists() {
            private_file::close_to_others(&file, 0o600)?;
        }
    }
    Ok(())
}

/// Whether a directory is empty, or was used by a stack before.
fn is_ours(data: &Path) -> anyhow::Result<bool> {
    let entries = std::fs::read_dir(data);
    let mut entries = entries.with_context(|| format!("cannot read {}", data.display()))?;
    Ok(data.join(LOCK).exists() || entries.next().is_none())
}

/// Locks the directory for this stack until the file is closed.
pub(super) fn lock(data: &Path) -> anyhow::Result<File> {
    open(data)?;
    let file = private_file::open(&data.join(LOCK))?;
    file.try_lock()
        .with_context(|| format!("another local stack uses {}", data.display()))?;
    Ok(file)
}

/// The file of the database, which exists and is private.
pub(super) fn database(data: &Path) -> anyhow::Result<PathBuf> {
    let path = data.join(DATABASE);
    private_file::open(&path)?;
    Ok(path)
}

/// The journal of the queues.
pub(super) fn journal(data: &Path) -> PathBuf {
    data.join(JOURNAL)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_directory_of_other_files_keeps_its_permissions() {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("shared");
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("other"), "").unwrap();
        for path in [data.join("other"), data.clone()] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        let _lock = lock(&data).unwrap();
        assert_eq!([mode(&data), mode(&data.join("other"))], [0o755, 0o755]);
        assert_eq!(mode(&data.join(LOCK)), 0o600);
    }
}
