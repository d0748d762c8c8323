//! Checks that log lines use exactly the fields that `docs/logs.md` lists, and never Debug values.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The macros that take fields.
const MACROS: [&str; 10] = [
    "trace!(",
    "debug!(",
    "info!(",
    "warn!(",
    "error!(",
    "trace_span!(",
    "debug_span!(",
    "info_span!(",
    "warn_span!(",
    "error_span!(",
];
/// Fields of every line.
const EVERYWHERE: [&str; 4] = ["timestamp", "level", "message", "invocation_id"];

#[test]
fn the_fields_of_log_lines_are_the_listed_ones() {
    let mut used: BTreeSet<String> = EVERYWHERE.map(str::to_owned).into();
    for (path, source) in sources() {
        for (name, value) in fields(&source) {
            let place = path.display();
            assert!(
                !value.starts_with('?'),
                "{place}: {name} is logged by Debug"
            );
            used.insert(name);
        }
        used.extend(set_later(&source).map(str::to_owned));
    }
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/logs.md")).unwrap();
    let (_, table) = page.split_once("\n## Fields\n").unwrap();
    let listed: BTreeSet<String> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(used, listed);
}

/// The source files of everything that runs in a function, without tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for place in ["shared/src", "functions"] {
        collect(&Path::new(ROOT).join(place), &mut paths);
    }
    let sources = paths.into_iter().map(|path| {
        let source = std::fs::read_to_string(&path).unwrap();
        let tests = source.find("#[cfg(test)]\nmod tests {");
        let product = source[..tests.unwrap_or(source.len())].to_owned();
        (path, product)
    });
    sources.collect()
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if ["tests", "listed", "captured"].contains(&name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The fields of all macros, each with its expression.
fn fields(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in MACROS {
        for (at, _) in source.match_indices(name) {
            let is_another = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if !is_another {
                let arguments = arguments(&source[at + name.len()..]);
                found.extend(arguments.into_iter().filter_map(field));
            }
        }
    }
    found
}

/// Parses an argument as a field; `None` if it is the message.
fn field(argument: &str) -> Option<(String, String)> {
    let argument = argument.trim();
    let is_no_field = argument.starts_with('"') || argument.starts_with("target:");
    if argument.is_empty() || is_no_field {
        return None;
    }
    let short = || (argument.trim_start_matches(['%', '?']), argument);
    let (name, value) = argument.split_once('=').unwrap_or_else(short);
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

/// The arguments of a macro, up to its closing parenthesis.
fn arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_u32, 0, Vec::new());
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => skip_string(&mut characters),
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                found.push(&text[start..at]);
                return found;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    panic!("a macro has no end");
}

fn skip_string(characters: &mut std::str::CharIndices<'_>) {
    while let Some((_, inside)) = characters.next() {
        match inside {
            '\\' => drop(characters.next()),
            '"' => return,
            _ => {}
        }
    }
}

/// The names of fields that are set later with `set_field`.
fn set_later(source: &str) -> impl Iterator<Item = &str> {
    let calls = source.split("set_field(\"").skip(1);
    calls.filter_map(|rest| rest.split('"').next())
}

#[test]
fn fields_are_parsed_from_macros() {
    let source = r#"
        tracing::info!(client_id = %task.client_id, status, ?verdict, %alias, count = f(a, b), "one, (two)");
        info_span!("request", route, late = Empty,);
        print_info!(no = 1);
    "#;
    let found = fields(source);
    let found: Vec<_> = found
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("client_id", "%task.client_id"),
        ("status", "status"),
        ("verdict", "?verdict"),
        ("alias", "%alias"),
        ("count", "f(a, b)"),
        ("route", "route"),
        ("late", "Empty"),
    ];
    assert_eq!(found, expected);
    let later: Vec<_> = set_later("set_field(\"alias\", &x); set_field(name, &x)").collect();
    assert_eq!(later, ["alias"]);
}
