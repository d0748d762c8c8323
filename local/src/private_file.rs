//! Files that only their owner can read.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Replaces the file's content atomically; no other user can read it at any moment.
pub(crate) fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    std::fs::remove_file(&new).ok();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(&new)
        .with_context(|| format!("cannot write {}", new.display()))?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&new, path).with_context(|| format!("cannot write {}", path.display()))
}
