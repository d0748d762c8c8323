//! The checked sources, without comments and unit tests, which may import anything.

use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A source file.
pub(crate) struct Source {
    /// Its path, from the repository root.
    pub(crate) file: String,
    /// Its code; line numbers are preserved.
    pub(crate) code: String,
}

/// A path in code, with its line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
}

impl Source {
    /// The segments of a file in the shared package, from its room on.
    pub(crate) fn place(&self) -> Vec<&str> {
        let path = self.file.strip_prefix("shared/src/").unwrap();
        path.trim_end_matches(".rs").split('/').collect()
    }

    /// The lines with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }

    /// A line, formatted for a message.
    pub(crate) fn shown(&self, number: usize) -> String {
        let line = self.code.lines().nth(number - 1).unwrap_or_default();
        format!("{}:{number}: {}", self.file, line.trim())
    }

    /// All paths that begin with `crate::`; a list in braces counts as several paths.
    pub(crate) fn crate_paths(&self) -> Vec<Named> {
        crate_paths(&self.code)
    }
}

/// The sources in a folder.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(ROOT);
    let mut files = Vec::new();
    rust_files(&root.join(folder), &mut files);
    assert!(!files.is_empty(), "{folder} has no sources");
    let sources = files.into_iter().map(|path| Source {
        file: path.strip_prefix(root).unwrap().display().to_string(),
        code: code(&std::fs::read_to_string(&path).unwrap()),
    });
    let is_test = |file: &str| file.ends_with("/tests.rs") || file.contains("/tests/");
    sources.filter(|source| !is_test(&source.file)).collect()
}

/// The names of the folders in a folder that are modules themselves, not parts of a file next to them.
pub(crate) fn folders(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(Path::new(ROOT).join(folder)) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("mod.rs").exists())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Fails with the violations, if there are any.
pub(crate) fn none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

/// Whether code uses a crate; a name that ends with `_` means all crates with this prefix.
pub(crate) fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(index, _)| {
        let rest = &code[index + name.len()..];
        let ends = name.ends_with('_') || rest.starts_with("::") || rest.starts_with(';');
        begins_a_path(code, index) && ends
    })
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn code(source: &str) -> String {
    let mut code = source;
    for tests in ["mod tests {", "pub(crate) mod tests {"] {
        let tests = format!("#[cfg(test)]\n{tests}");
        code = code.split(&tests).next().unwrap();
    }
    let lines = code.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

fn crate_paths(code: &str) -> Vec<Named> {
    const BEGINNING: &str = "crate::";
    let mut named = Vec::new();
    for (index, _) in code.match_indices(BEGINNING) {
        if begins_a_path(code, index) {
            let line = code[..index].lines().count().max(1);
            let line = line + usize::from(code[..index].ends_with('\n'));
            let mut paths = Vec::new();
            expand(&code[index + BEGINNING.len()..], &[], &mut paths);
            named.extend(paths.into_iter().map(|path| Named { line, path }));
        }
    }
    named
}

/// Parses one path, or a list of paths in braces; returns the rest of the code.
fn expand<'a>(code: &'a str, before: &[String], paths: &mut Vec<Vec<String>>) -> &'a str {
    let code = code.trim_start();
    if let Some(mut list) = code.strip_prefix('{') {
        loop {
            list = list.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if let Some(rest) = list.strip_prefix('}') {
                return rest;
            }
            let rest = expand(list, before, paths);
            // Anything else, such as `self as name` or a glob, ends at the next comma or brace.
            let end = rest.find([',', '}']).unwrap_or(rest.len());
            list = &rest[end..];
            if list.is_empty() {
                return list;
            }
        }
    }
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (name, rest) = code.split_at(end.unwrap_or(code.len()));
    let mut path = before.to_vec();
    if name != "self" && !name.is_empty() {
        path.push(name.to_owned());
    }
    match rest.strip_prefix("::") {
        Some(rest) if !name.is_empty() => expand(rest, &path, paths),
        Some(_) | None => {
            paths.push(path);
            rest
        }
    }
}

fn begins_a_path(code: &str, index: usize) -> bool {
    let before = code[..index].chars().next_back();
    before.is_none_or(|before| !before.is_alphanumeric() && before != '_' && before != ':')
}

#[test]
fn paths_are_found_in_all_forms() {
    let found = |code: &str| -> Vec<(usize, String)> {
        let paths = crate_paths(code).into_iter();
        paths
            .map(|named| (named.line, named.path.join("::")))
            .collect()
    };
    let at = |line: usize, path: &str| (line, path.to_owned());
    assert_eq!(
        found("use crate::store::keys::Key;"),
        [at(1, "store::keys::Key")]
    );
    assert_eq!(
        found("\nuse crate::{\n    clock,\n    store::{self, keys::{Key, Other as O}},\n};\n"),
        [
            at(2, "clock"),
            at(2, "store"),
            at(2, "store::keys::Key"),
            at(2, "store::keys::Other"),
        ]
    );
    assert_eq!(
        found("crate::telemetry::chain(&crate::clock::now())"),
        [at(1, "telemetry::chain"), at(1, "clock::now")]
    );
    assert_eq!(found("use mycrate::store; a::crate::b"), []);
}

#[test]
fn a_crate_is_found_only_by_its_name() {
    assert!(names_crate("use tokio::time;", "tokio"));
    assert!(names_crate(
        "let x = aws_sdk_sqs::Client::new();",
        "aws_sdk_"
    ));
    assert!(!names_crate("let http = reqwest::get();", "http"));
}
