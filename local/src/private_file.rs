//! Files and directories that only their owner can read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Replaces the file's content atomically; no other user can read it at any moment.
pub(crate) fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    std::fs::remove_file(&new).ok();
    let mut file = options()
        .create_new(true)
        .open(&new)
        .with_context(|| format!("cannot write {}", new.display()))?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&new, path).with_context(|| format!("cannot write {}", path.display()))
}

/// Opens a file for writing at its end. It is created if it does not exist; an existing one is closed to other users.
pub(crate) fn open(path: &Path) -> anyhow::Result<File> {
    let file = options().create(true).append(true).open(path);
    let file = file.with_context(|| format!("cannot open {}", path.display()))?;
    close_to_others(path, 0o600)?;
    Ok(file)
}

/// Creates a directory, or closes an existing one to other users.
pub(crate) fn directory(path: &Path) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.create(path);
    created.with_context(|| format!("cannot create the directory {}", path.display()))?;
    close_to_others(path, 0o700)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Sets the permissions of an existing file or directory.
pub(crate) fn close_to_others(path: &Path, mode: u32) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        let set = std::fs::set_permissions(path, permissions);
        set.with_context(|| format!("cannot close {} to other users", path.display()))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}
