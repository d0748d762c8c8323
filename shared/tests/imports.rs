//! The rooms of this package and who may enter them: `domain ← contract ← outbound ← {aggregators, store, queue, delivery}
//! ← flows ← edge ← functions`. Read from the sources, so that it cannot be forgotten.

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    /// The adapter that speaks our own contract.
    const ADAPTERS: &str = "shared/src/aggregators";

    /// Each room, and the rooms that it may import besides itself.
    const ROOMS: [(&str, &[&str]); 16] = [
        ("domain", &[]),
        ("contract", &["domain"]),
        ("outbound", &["domain", "contract"]),
        (
            "aggregators",
            &["domain", "contract", "outbound", "telemetry"],
        ),
        ("sealing", &["aws"]),
        (
            "store",
            &[
                "domain",
                "contract",
                "outbound",
                "sealing",
                "telemetry",
                "clock",
            ],
        ),
        (
            "queue",
            &["domain", "contract", "outbound", "telemetry", "clock"],
        ),
        (
            "delivery",
            &["domain", "contract", "outbound", "telemetry", "clock"],
        ),
        (
            "destinations",
            &["domain", "outbound", "delivery", "telemetry", "clock"],
        ),
        (
            "flows",
            &[
                "domain",
                "contract",
                "outbound",
                "aggregators",
                "store",
                "queue",
                "delivery",
                "destinations",
                "telemetry",
                "clock",
                "random",
            ],
        ),
        (
            "edge",
            &[
                "domain",
                "contract",
                "outbound",
                "aggregators",
                "store",
                "queue",
                "delivery",
                "flows",
                "telemetry",
                "clock",
            ],
        ),
        ("clock", &[]),
        ("random", &[]),
        // The variable that lists the local stack's own targets is read into the guard's own type.
        ("config", &["outbound"]),
        // Both are told by the environment, which is read in one place.
        ("telemetry", &["config"]),
        // The way to AWS has the TLS of every other way out.
        ("aws", &["config", "outbound", "clock"]),
    ];

    /// The crates that a room is built without, however it is asked for them.
    const FOREIGN: [(&str, &[&str]); 3] = [
        (
            "domain",
            &[
                "serde_json",
                "tokio",
                "futures",
                "reqwest",
                "http",
                "lambda_http",
                "lambda_runtime",
                "aws_",
                "tracing",
                "serde_dynamo",
            ],
        ),
        (
            "contract",
            &[
                "tokio",
                "futures",
                "reqwest",
                "http",
                "lambda_http",
                "lambda_runtime",
                "aws_",
                "tracing",
                "serde_dynamo",
            ],
        ),
        (
            "aggregators",
            &["lambda_http", "lambda_runtime", "aws_", "serde_dynamo"],
        ),
    ];

    /// A line of code: no comment, no test.
    struct Line {
        file: String,
        number: usize,
        code: String,
    }

    impl std::fmt::Display for Line {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(
                formatter,
                "{}:{}: {}",
                self.file,
                self.number,
                self.code.trim()
            )
        }
    }

    fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
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

    /// The lines of every source below a folder. Unit tests are behind `#[cfg(test)]`, at a file's end or in `tests.rs`;
    /// they may use what they like.
    fn lines(folder: &str) -> Vec<Line> {
        let root = Path::new(ROOT);
        let mut files = Vec::new();
        rust_files(&root.join(folder), &mut files);
        assert!(!files.is_empty(), "{folder} has no sources");
        let mut lines = Vec::new();
        for path in files {
            let file = path.strip_prefix(root).unwrap().display().to_string();
            if file.ends_with("/tests.rs") || file.contains("/tests/") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
            lines.extend(code.lines().enumerate().map(|(index, line)| Line {
                file: file.clone(),
                number: index + 1,
                code: line.split("//").next().unwrap_or_default().to_owned(),
            }));
        }
        lines
    }

    /// The room of a file of this package: a folder or a file right below `src`.
    fn room(file: &str) -> &str {
        let path = file.strip_prefix("shared/src/").unwrap();
        path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The names that follow a path's beginning, wherever it stands in a line: `crate::a::b`, `crate::{a, b::c}`.
    fn after<'a>(code: &'a str, beginning: &str) -> Vec<&'a str> {
        let mut names = Vec::new();
        for (index, _) in code.match_indices(beginning) {
            let is_whole = code[..index]
                .chars()
                .next_back()
                .is_none_or(|before| !before.is_alphanumeric() && before != '_' && before != ':');
            if !is_whole {
                continue;
            }
            let rest = &code[index + beginning.len()..];
            let list = rest.strip_prefix('{').map_or_else(
                || vec![rest],
                |list| {
                    list.split('}')
                        .next()
                        .unwrap_or_default()
                        .split(',')
                        .collect()
                },
            );
            names.extend(list.into_iter().map(|name| {
                let name = name.trim();
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
                &name[..end.unwrap_or(name.len())]
            }));
        }
        names
    }

    fn names_crate(code: &str, name: &str) -> bool {
        code.match_indices(name).any(|(index, _)| {
            let before = code[..index].chars().next_back();
            let rest = &code[index + name.len()..];
            let begins = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
            let ends = name.ends_with('_') || rest.starts_with("::") || rest.starts_with(';');
            begins && ends
        })
    }

    fn none(broken: &[String], rule: &str) {
        assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
    }

    #[test]
    fn imports_go_one_way() {
        let mut broken = Vec::new();
        for line in lines("shared/src") {
            let room = room(&line.file);
            if room == "lib" || room == "docs" {
                continue;
            }
            let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
                broken.push(format!("{line} (the room {room} has no rule)"));
                continue;
            };
            if line.code.contains("super::super") || line.code.contains("use super::") {
                broken.push(format!("{line} (say the path from crate::)"));
            }
            for imported in after(&line.code, "crate::") {
                if imported != room && !allowed.contains(&imported) {
                    broken.push(format!("{line} ({room} may not import {imported})"));
                }
            }
        }
        none(&broken, "imports against the direction");
    }

    #[test]
    fn the_inner_rooms_know_no_runtime_no_network_and_no_cloud() {
        let mut broken = Vec::new();
        for line in lines("shared/src") {
            let Some((room, foreign)) = FOREIGN.iter().find(|(name, _)| *name == room(&line.file))
            else {
                continue;
            };
            for name in foreign.iter().filter(|name| names_crate(&line.code, name)) {
                broken.push(format!("{line} ({room} does without {name})"));
            }
        }
        none(&broken, "crates in rooms that do without them");
    }

    #[test]
    fn an_adapter_imports_no_other_adapter() {
        let adapters: Vec<String> = std::fs::read_dir(Path::new(ROOT).join(ADAPTERS))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert!(adapters.contains(&"rms_magic".to_owned()), "{adapters:?}");
        let mut broken = Vec::new();
        for line in lines(ADAPTERS) {
            for imported in after(&line.code, "crate::aggregators::") {
                let own = format!("{ADAPTERS}/{imported}/");
                if adapters.iter().any(|name| name == imported) && !line.file.starts_with(&own) {
                    broken.push(line.to_string());
                }
            }
        }
        none(&broken, "an adapter's names outside its folder");
    }

    /// The registration in `aggregators/mod.rs`: the module and its entry.
    const REGISTRATION: [&str; 2] = ["pub mod rms_magic;", "&rms_magic::RmsMagic"];

    #[test]
    fn nothing_outside_its_folder_names_an_adapter_but_the_registration() {
        let mut broken = Vec::new();
        let own = format!("{ADAPTERS}/rms_magic/");
        let registry = format!("{ADAPTERS}/mod.rs");
        for line in lines("shared/src").into_iter().chain(lines("functions")) {
            let is_registration =
                line.file == registry && REGISTRATION.iter().any(|entry| line.code.contains(entry));
            let names_it = ["rms_magic", "RmsMagic", "RMS_MAGIC"]
                .iter()
                .any(|name| line.code.contains(name));
            if names_it && !is_registration && !line.file.starts_with(&own) {
                broken.push(line.to_string());
            }
        }
        none(&broken, "an adapter's name outside its folder");
    }

    #[test]
    fn the_clock_and_the_environment_have_one_door_each() {
        // Whoever named the URL decides which way out it takes: somebody else, or the environment, which names AWS.
        let ways_out: &[&str] = &[
            "shared/src/outbound/client.rs",
            "shared/src/aws/connector.rs",
        ];
        let clock: &[&str] = &["shared/src/clock.rs"];
        let doors = [
            (clock, "Timestamp::now("),
            (clock, "SystemTime::now("),
            (&["shared/src/config.rs"], "env::var"),
            (ways_out, "reqwest::Client"),
        ];
        let mut broken = Vec::new();
        for line in lines("shared/src").into_iter().chain(lines("functions")) {
            for (doors, call) in doors {
                let is_allowed =
                    line.file == "shared/src/docs.rs" || doors.contains(&line.file.as_str());
                if line.code.contains(call) && !is_allowed {
                    broken.push(format!("{line} (only {} may)", doors.join(" and ")));
                }
            }
        }
        none(&broken, "effects beside their door");
    }

    #[test]
    fn paths_are_found_in_every_form() {
        assert_eq!(after("use crate::store::keys::Key;", "crate::"), ["store"]);
        assert_eq!(
            after("use crate::{clock, store::keys};", "crate::"),
            ["clock", "store"]
        );
        assert_eq!(
            after("crate::telemetry::chain(&crate::clock::now())", "crate::"),
            ["telemetry", "clock"]
        );
        assert!(names_crate("use tokio::time;", "tokio"));
        assert!(names_crate("let x = aws_sdk_sqs::Client::new();", "aws_"));
        assert!(!names_crate("let http = reqwest::get();", "http"));
    }
}
