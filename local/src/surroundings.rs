//! What the stack takes from the environment that it was started in: the one place that reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Inherited by the functions when set. `RUST_LOG` goes before the template's.
const INHERITED: [&str; 3] = ["PATH", "RUST_LOG", "RUST_BACKTRACE"];

/// The workspace that this stack was built in: its template, its functions, its `.local` directory.
pub(crate) fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The template of that workspace.
pub(crate) fn template() -> PathBuf {
    workspace().join("template.yaml")
}

/// The variables that the functions inherit.
pub(crate) fn for_functions() -> BTreeMap<String, String> {
    INHERITED
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), variable(name)?)))
        .collect()
}

/// The cargo that runs this process, if one does.
pub(crate) fn cargo() -> String {
    variable("CARGO").unwrap_or_else(|| "cargo".to_owned())
}

/// Where DynamoDB and SQS are, if somebody else runs them for this stack: one URL for both. What is said of the
/// embedded ones is then tried with others; nobody else needs this.
pub(crate) fn backends() -> Option<String> {
    variable("LOCAL_BACKENDS").filter(|url| !url.is_empty())
}

/// Set by cargo for the program that it runs, and no business of another cargo started from there: some build scripts
/// would take the difference for a reason to build again.
pub(crate) fn set_by_cargo() -> Vec<String> {
    const PREFIXES: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
    const NAMES: [&str; 4] = [
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "OUT_DIR",
        "CARGO",
    ];
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| {
            NAMES.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        })
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the functions' configuration is not the stack's: this is the stack's own door to the environment"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
