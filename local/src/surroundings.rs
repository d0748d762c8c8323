//! What the stack reads from its environment; no other module reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Variables that the functions inherit if set. `RUST_LOG` overrides the template's value.
const INHERITED: [&str; 3] = ["PATH", "RUST_LOG", "RUST_BACKTRACE"];

/// The workspace that this stack was built in, with its template, functions and `.local` directory.
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

/// The cargo that runs this process, or `cargo`.
pub(crate) fn cargo() -> String {
    variable("CARGO").unwrap_or_else(|| "cargo".to_owned())
}

/// The URL of external backends, one for both DynamoDB and SQS. CI uses it to run the tests against other backends than the
/// embedded ones.
pub(crate) fn backends() -> Option<String> {
    variable("LOCAL_BACKENDS").filter(|url| !url.is_empty())
}

/// The directory in which the accesses of functions are written down. CI compares them with the policies.
pub(crate) fn accesses() -> Option<PathBuf> {
    variable("LOCAL_ACCESSES")
        .filter(|directory| !directory.is_empty())
        .map(PathBuf::from)
}

/// The file in which the end-to-end tests write down the answers that they get: the examples of the API's description.
pub fn answers() -> Option<PathBuf> {
    variable("LOCAL_ANSWERS")
        .filter(|file| !file.is_empty())
        .map(PathBuf::from)
}

/// Variables that cargo sets for the program that it runs. They must not reach another cargo started from there: some build
/// scripts would build again because of the difference.
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
    reason = "the only place where the stack reads its environment; the functions' configuration is separate"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
