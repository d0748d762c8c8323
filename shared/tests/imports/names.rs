//! Public types have unique names, which are unambiguous without their paths.

use std::collections::BTreeMap;

use crate::adapters::adapters;
use crate::sources::{none, sources};

/// The beginning of a public type.
const VISIBLE: [&str; 3] = ["pub ", "pub(crate) ", "pub(in "];
const KINDS: [&str; 5] = ["struct ", "enum ", "trait ", "type ", "union "];
/// Names that several types may have, with the reason.
const SHARED_NAMES: [&str; 1] = [
    // Each function is its own crate with an app.
    "App",
];

#[test]
fn a_public_type_has_a_unique_name() {
    let folders: Vec<String> = adapters()
        .iter()
        .map(super::adapters::Adapter::path)
        .collect();
    // An adapter's types are private to its folder, and spelled as the vendor spells them.
    let is_an_adapter_s = |file: &str| folders.iter().any(|folder| file.starts_with(folder));
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let functions = sources("functions").into_iter();
    for source in sources("shared/src").into_iter().chain(functions) {
        if is_an_adapter_s(&source.file) {
            continue;
        }
        for (number, line) in source.lines() {
            if let Some(name) = public_type(line) {
                let place = source.shown(number);
                found.entry(name.to_owned()).or_default().push(place);
            }
        }
    }
    let twice = found
        .into_iter()
        .filter(|(name, places)| places.len() > 1 && !SHARED_NAMES.contains(&name.as_str()));
    let broken: Vec<String> = twice.flat_map(|(_, places)| places).collect();
    none(&broken, "several public types have the same name");
}

/// The name of the public type that a line declares.
fn public_type(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let visible = VISIBLE.iter().find(|visible| line.starts_with(**visible))?;
    let declared = match *visible {
        "pub(in " => line.split_once(") ")?.1,
        visible => line.strip_prefix(visible)?,
    };
    let kind = KINDS.iter().find(|kind| declared.starts_with(**kind))?;
    let name = declared.strip_prefix(kind)?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
    name.get(..end.unwrap_or(name.len()))
}

#[test]
fn a_public_type_is_found_in_every_form() {
    assert_eq!(public_type("pub struct Order<'a> {"), Some("Order"));
    assert_eq!(public_type("    pub(crate) enum Kind {"), Some("Kind"));
    assert_eq!(
        public_type("pub(in crate::store) type Item = u8;"),
        Some("Item")
    );
    assert_eq!(public_type("struct Item;"), None);
    assert_eq!(public_type("pub fn type_of() {}"), None);
}
