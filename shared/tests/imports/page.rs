//! Parses the tables of ARCHITECTURE.md, "Rooms": each room, and the rooms that it may import.

use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../ARCHITECTURE.md");
const SECTION: &str = "\n## Rooms\n";
/// The cell of a room without imports.
const NOTHING: &str = "nothing of ours";
/// The cell of a room that may import all rooms above it in the table.
const ALL_ABOVE: &str = "all of the above";

/// Each room, with the rooms that it may import.
pub(crate) type Law = BTreeMap<String, BTreeSet<String>>;

/// The rooms of `shared/src`.
pub(crate) fn rooms() -> Law {
    law("| room in `shared/src/` |")
}

/// The sub-rooms, as `room/sub-room`, with the neighbours in the same room that each may import.
pub(crate) fn sub_rooms() -> Law {
    law("| sub-room |")
}

/// Parses the table with this header: names in the first column, imports in the last one.
fn law(header: &str) -> Law {
    let section = PAGE.split_once(SECTION).expect("a section \"Rooms\"").1;
    let section = section.split("\n## ").next().unwrap();
    let mut lines = section.lines();
    lines
        .find(|line| line.starts_with(header))
        .unwrap_or_else(|| panic!("no table in \"Rooms\" begins with {header}"));
    let rows = lines.skip(1).take_while(|line| line.starts_with('|'));
    let mut law = Law::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let (names, imports) = (cells.first().unwrap(), cells.last().unwrap());
        let imports = imported(imports, &law);
        for name in backticked(names) {
            let name = name.trim_end_matches('/').trim_end_matches(".rs");
            let before = law.insert(name.to_owned(), imports.clone());
            assert!(before.is_none(), "{name} has two rows");
        }
    }
    law
}

fn backticked(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn imported(cell: &str, above: &Law) -> BTreeSet<String> {
    match cell {
        NOTHING => BTreeSet::new(),
        ALL_ABOVE => above.keys().cloned().collect(),
        list => list.split(',').map(|name| name.trim().to_owned()).collect(),
    }
}

#[test]
fn every_name_in_the_tables_is_a_room() {
    let rooms = rooms();
    for (room, imports) in &rooms {
        for import in imports {
            assert!(rooms.contains_key(import), "{room}: {import} has no row");
        }
    }
    let sub_rooms = sub_rooms();
    for (sub_room, imports) in &sub_rooms {
        let (room, _) = sub_room.split_once('/').expect("room/sub-room");
        for import in imports {
            let import = format!("{room}/{import}");
            assert!(sub_rooms.contains_key(&import), "{sub_room}: no {import}");
        }
    }
}

#[test]
fn rooms_do_not_import_each_other_in_a_circle() {
    let sub_rooms = sub_rooms().into_iter().map(|(sub_room, imports)| {
        let (room, _) = sub_room.split_once('/').unwrap();
        let imports = imports.iter().map(|import| format!("{room}/{import}"));
        (sub_room.clone(), imports.collect())
    });
    for mut law in [rooms(), sub_rooms.collect()] {
        // A room without imports is in no circle; it can be removed from the others' imports.
        while let Some(free) = law.keys().find(|room| law[*room].is_empty()).cloned() {
            law.remove(&free);
            for imports in law.values_mut() {
                imports.remove(&free);
            }
        }
        assert!(law.is_empty(), "these contain a circle: {law:?}");
    }
}
