//! Each effect has one entry point, and a crate with effects is used only behind its entry point.

use crate::sources::{names_crate, none, sources};

/// Calls, and the files that may make them.
const CALLS: [(&str, &[&str]); 7] = [
    ("Timestamp::now(", &["shared/src/clock.rs"]),
    ("SystemTime::now(", &["shared/src/clock.rs"]),
    ("env::var", &["shared/src/config.rs", "shared/src/docs.rs"]),
    ("SystemRandom", &["shared/src/random.rs"]),
    (
        "tracing_subscriber::",
        &["shared/src/telemetry.rs", "shared/src/telemetry/lines.rs"],
    ),
    // Who chose the URL decides which client is used: another party, or the environment, which names AWS.
    (
        "reqwest::Client",
        &[
            "shared/src/outbound/client.rs",
            "shared/src/aws/connector.rs",
        ],
    ),
    ("reqwest::get", &[]),
];

/// Crates, and the rooms that may use them; functions' mains only pass them on.
const CRATES: [(&str, &[&str]); 2] = [
    ("aws_sdk_dynamodb", &["aws", "store", "wiring"]),
    ("aws_sdk_sqs", &["aws", "queue", "wiring"]),
];

#[test]
fn each_effect_has_one_entry_point() {
    let mut broken = Vec::new();
    let functions = sources("functions").into_iter();
    for source in sources("shared/src").into_iter().chain(functions) {
        for (call, doors) in CALLS {
            if doors.contains(&source.file.as_str()) {
                continue;
            }
            for (number, _) in source.lines().filter(|(_, line)| line.contains(call)) {
                let (line, doors) = (source.shown(number), doors.join(" and "));
                broken.push(format!("{line} (only {doors} may)"));
            }
        }
    }
    none(&broken, "effects outside their entry point");
}

#[test]
fn tables_and_queues_are_used_only_by_their_rooms() {
    let mut broken = Vec::new();
    for source in sources("shared/src") {
        let room = source.place()[0];
        for (name, rooms) in CRATES {
            if rooms.contains(&room) {
                continue;
            }
            for (number, _) in source.lines().filter(|(_, line)| names_crate(line, name)) {
                let line = source.shown(number);
                broken.push(format!("{line} ({room} may not use {name})"));
            }
        }
    }
    none(&broken, "AWS clients outside their room");
}

#[test]
fn stores_call_dynamodb_the_short_way() {
    let mut broken = Vec::new();
    for source in sources("shared/src/store") {
        for call in [".send()", ".into_paginator()"] {
            let lines = source.lines().filter(|(_, line)| line.contains(call));
            broken.extend(lines.map(|(number, _)| source.shown(number)));
        }
    }
    none(
        &broken,
        "calls by the SDK instead of `DynamoDb::send` and the queries of `store/pages.rs`",
    );
}
