//! Checks the imports of rooms.

use crate::page::{rooms, sub_rooms};
use crate::sources::{Source, folders, names_crate, none, sources};

/// The crates that a room may not use, in any form.
const FOREIGN: [(&str, &[&str]); 5] = [
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
        "partners",
        &["lambda_http", "lambda_runtime", "aws_", "serde_dynamo"],
    ),
    (
        "aggregators",
        &["lambda_http", "lambda_runtime", "aws_", "serde_dynamo"],
    ),
    (
        "channels",
        &["lambda_http", "lambda_runtime", "aws_", "serde_dynamo"],
    ),
];
/// Files that are not rooms: the list of the rooms, and test support.
const NO_ROOMS: [&str; 2] = ["lib", "docs"];

#[test]
fn a_room_imports_only_what_the_page_allows() {
    let law = rooms();
    let mut broken = Vec::new();
    for source in sources("shared/src") {
        let [room, ..] = source.place()[..] else {
            continue;
        };
        if NO_ROOMS.contains(&room) {
            continue;
        }
        let Some(allowed) = law.get(room) else {
            broken.push(format!(
                "{}: the room {room} has no row in ARCHITECTURE.md, \"Rooms\"; add one that says what is in it and \
                 which rooms it imports",
                source.file
            ));
            continue;
        };
        for named in source.crate_paths() {
            let imported = named.path.first().map_or("", String::as_str);
            if imported != room && !allowed.contains(imported) {
                let line = source.shown(named.line);
                broken.push(format!("{line} ({room} may not import {imported})"));
            }
        }
    }
    none(
        &broken,
        "imports against the table in ARCHITECTURE.md, \"Rooms\"",
    );
}

#[test]
fn every_row_of_the_page_is_a_room() {
    let files = sources("shared/src");
    let mut broken = Vec::new();
    for room in rooms().keys() {
        if !files.iter().any(|source| source.place()[0] == room) {
            broken.push(format!(
                "the page has a row for {room}, which does not exist"
            ));
        }
    }
    for sub_room in sub_rooms().keys() {
        let is_of = |source: &Source| {
            source
                .place()
                .join("/")
                .starts_with(&format!("{sub_room}/"))
        };
        if !files.iter().any(is_of) {
            broken.push(format!(
                "the page has a row for {sub_room}, which does not exist"
            ));
        }
    }
    none(&broken, "rows without a room");
}

#[test]
fn a_sub_room_imports_only_what_the_page_allows() {
    let law = sub_rooms();
    let mut broken = Vec::new();
    for source in sources("shared/src") {
        let place = source.place();
        let room = place[0];
        let is_parted = law.keys().any(|key| key.split('/').next() == Some(room));
        if !is_parted {
            continue;
        }
        let neighbours = folders(&format!("shared/src/{room}"));
        let own = place
            .get(1)
            .filter(|own| neighbours.contains(&(**own).to_owned()));
        let allowed = own.map(|own| law.get(&format!("{room}/{own}")));
        if allowed == Some(None) {
            broken.push(format!(
                "{}: the sub-room has no row in ARCHITECTURE.md, \"Rooms\"; add one that says which of its \
                 neighbours it imports",
                source.file
            ));
        }
        for named in source.crate_paths() {
            let [imported_room, imported, ..] = &named.path[..] else {
                continue;
            };
            let is_neighbour = imported_room == room
                && neighbours.contains(imported)
                && own.is_none_or(|own| own != imported);
            let is_allowed = allowed
                .flatten()
                .is_some_and(|allowed| allowed.contains(imported));
            if is_neighbour && !is_allowed {
                let who = own.map_or("a file that all of them share", |own| *own);
                let line = source.shown(named.line);
                broken.push(format!("{line} ({who} may not import {imported})"));
            }
        }
    }
    none(
        &broken,
        "imports against the table of sub-rooms in ARCHITECTURE.md, \"Rooms\"",
    );
}

#[test]
fn paths_begin_with_the_crate() {
    let mut broken = Vec::new();
    for source in sources("shared/src") {
        for (number, line) in source.lines() {
            if line.contains("super::super") || line.contains("use super::") {
                broken.push(source.shown(number));
            }
        }
    }
    none(&broken, "use crate:: instead of super::");
}

#[test]
fn the_inner_rooms_use_no_runtime_no_network_and_no_cloud() {
    let mut broken = Vec::new();
    for source in sources("shared/src") {
        let room = source.place()[0];
        for (_, foreign) in FOREIGN.iter().filter(|(name, _)| *name == room) {
            for (number, line) in source.lines() {
                for name in foreign.iter().filter(|name| names_crate(line, name)) {
                    let line = source.shown(number);
                    broken.push(format!("{line} ({room} may not use {name})"));
                }
            }
        }
    }
    none(&broken, "crates in rooms that may not use them");
}
