//! The names of an adapter are used only in its own folder. The folders determine which adapters exist, and their
//! sources the names with which they are registered.

use crate::sources::{Source, folders, none, sources};

/// The rooms with one folder per adapter.
const HOMES: [&str; 2] = ["aggregators", "channels"];
/// The function with which an adapter returns its registered name.
const REGISTERED_NAME: &str = "fn name(&self) -> &'static str {";

/// Words in which an adapter's name is another word: the tax id of a shipper, in customs data.
const OTHER_WORDS: [&str; 2] = ["shipper_tax_id", "shipperTaxId"];

/// An adapter and its names.
pub(crate) struct Adapter {
    home: &'static str,
    folder: String,
    /// The folder's name in each spelling of code, and the registered name.
    names: Vec<String>,
}

impl Adapter {
    /// The path of its folder, from the repository root.
    pub(crate) fn path(&self) -> String {
        format!("shared/src/{}/{}/", self.home, self.folder)
    }

    /// Whether this line of the room's own list registers the adapter: its module, or its entry.
    fn is_registration(&self, source: &Source, line: &str) -> bool {
        let entry = format!("&{}::{}", self.folder, pascal(&self.folder));
        source.file == format!("shared/src/{}/mod.rs", self.home)
            && (line == format!("pub mod {};", self.folder) || line.contains(&entry))
    }
}

/// All adapters that have a folder.
pub(crate) fn adapters() -> Vec<Adapter> {
    let of = |home: &'static str| {
        let folders = folders(&format!("shared/src/{home}")).into_iter();
        folders.map(move |folder| Adapter {
            home,
            names: vec![
                folder.clone(),
                pascal(&folder),
                folder.to_uppercase(),
                registered_name(home, &folder),
            ],
            folder,
        })
    };
    let adapters: Vec<_> = HOMES.into_iter().flat_map(of).collect();
    assert!(!adapters.is_empty(), "no adapters were found");
    adapters
}

fn pascal(folder: &str) -> String {
    let words = folder.split('_');
    words
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}

/// The name that the adapter's `name` returns: a literal, or a constant of the same file.
fn registered_name(home: &str, folder: &str) -> String {
    let in_file = |source: Source| {
        let (_, body) = source.code.split_once(REGISTERED_NAME)?;
        let answer = body.split('}').next()?.trim();
        let constant = format!("const {answer}: &str = ");
        let value = if answer.starts_with('"') {
            answer
        } else {
            source.code.split_once(&constant)?.1
        };
        Some(value.split('"').nth(1)?.to_owned())
    };
    let mut files = sources(&format!("shared/src/{home}/{folder}")).into_iter();
    let name = files.find_map(in_file);
    name.unwrap_or_else(|| panic!("{folder} does not return its registered name"))
}

/// Examples in the API description are documentation.
fn is_an_example(line: &str) -> bool {
    line.contains("example = \"")
}

#[test]
fn adapters_are_named_only_in_their_folders_and_their_registration() {
    let adapters = adapters();
    let mut broken = Vec::new();
    let functions = sources("functions").into_iter();
    for source in sources("shared/src").into_iter().chain(functions) {
        for adapter in &adapters {
            if source.file.starts_with(&adapter.path()) {
                continue;
            }
            for (number, line) in source.lines() {
                let others = OTHER_WORDS.iter();
                let words = others.fold(line.to_owned(), |line, word| line.replace(word, ""));
                let names_it = adapter.names.iter().any(|name| words.contains(name));
                let is_allowed =
                    is_an_example(line) || adapter.is_registration(&source, line.trim());
                if names_it && !is_allowed {
                    broken.push(source.shown(number));
                }
            }
        }
    }
    none(&broken, "an adapter is named outside its folder");
}

#[test]
fn an_adapter_imports_no_other_adapter() {
    let adapters = adapters();
    let mut broken = Vec::new();
    for adapter in &adapters {
        for source in sources(&adapter.path()) {
            for named in source.crate_paths() {
                let [home, folder, ..] = &named.path[..] else {
                    continue;
                };
                let is_other = |other: &Adapter| other.home == home && other.folder == *folder;
                if *folder != adapter.folder && adapters.iter().any(is_other) {
                    broken.push(source.shown(named.line));
                }
            }
        }
    }
    none(&broken, "an adapter imports another one");
}
