//! Pages of lists, of as many entries as a response may have.
//!
//! A function can return 6 MB: a JSON document in which the body is a text, so that each quote of the body is two characters. No
//! list comes near that, however much is stored.

use std::io;

use serde::Serialize;

use crate::store::cursor::Cursor;
use crate::store::keys::Key;

/// The maximum size of the entries of a page, in bytes of the document that the function returns.
const MOST_BYTES: usize = 4_500_000;
/// The maximum number of entries of a page of a list that was read whole.
const MOST_ENTRIES: usize = 1000;

/// A page of a list.
#[derive(Debug)]
pub struct Page<T, C = Cursor> {
    /// Its entries.
    pub entries: Vec<T>,
    /// Where the next page begins; absent at the end.
    pub cursor: Option<C>,
}

impl<T: Serialize, C> Page<T, C> {
    /// As many of these as fit, each with the cursor after it; `next` is the cursor after all. `show` makes what the caller sees of
    /// an entry.
    pub fn fitting<F>(
        found: impl IntoIterator<Item = (F, C)>,
        next: Option<C>,
        show: impl Fn(F) -> T,
    ) -> Self {
        let mut entries = Vec::new();
        let mut room = Room::default();
        let mut last = None;
        for (found, here) in found {
            let entry = show(found);
            if !room.takes(&entry) {
                return Self {
                    entries,
                    cursor: last,
                };
            }
            entries.push(entry);
            last = Some(here);
        }
        Self {
            entries,
            cursor: next,
        }
    }
}

impl<T: Serialize> Page<T> {
    /// The page after `cursor` of a list that was read whole, in the order of times. `place` is the time of an entry, in epoch
    /// milliseconds, and its key. If the entry of the cursor is gone, the page begins after its place in the order of times and keys.
    pub fn of<F>(
        found: impl IntoIterator<Item = F>,
        cursor: Option<&Cursor>,
        place: impl Fn(&F) -> (i64, &Key),
        show: impl Fn(F) -> T,
    ) -> Self {
        let here = |found: &F| {
            let (at, key) = place(found);
            Cursor::after_entry(at, key)
        };
        let found: Vec<F> = found.into_iter().collect();
        let shown = cursor.map_or(0, |cursor| {
            let places = || found.iter().map(&place);
            if let Some(last) = places().position(|(at, key)| cursor.is_after(at, key)) {
                return last + 1;
            }
            let before = places().take_while(|(at, key)| !cursor.is_before(*at, key));
            before.count()
        });
        let mut rest = found.into_iter().skip(shown).peekable();
        let page: Vec<(F, Cursor)> = rest
            .by_ref()
            .take(MOST_ENTRIES)
            .map(|found| {
                let here = here(&found);
                (found, here)
            })
            .collect();
        let next = rest.peek().and(page.last().map(|(_, here)| here.clone()));
        Self::fitting(page, next, show)
    }
}

/// The room that a response has for entries.
#[derive(Default)]
struct Room {
    taken: usize,
}

impl Room {
    /// Takes the room for an entry; `false` if there is not enough. The first entry always fits.
    fn takes(&mut self, entry: &impl Serialize) -> bool {
        let is_first = self.taken == 0;
        let mut size = Size(self.taken);
        // What cannot be serialised is not returned either.
        let _ = serde_json::to_writer(&mut size, entry);
        let fits = is_first || size.0 <= MOST_BYTES;
        if fits {
            self.taken = size.0;
        }
        fits
    }
}

/// The size of JSON as a text in another JSON document.
struct Size(usize);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_escaped = |byte: &&u8| matches!(**byte, b'"' | b'\\');
        let escaped = bytes.iter().filter(is_escaped).count();
        self.0 = self.0.saturating_add(bytes.len()).saturating_add(escaped);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: i64, name: &str) -> (i64, Key) {
        let key = Key {
            pk: format!("demo#{name}"),
            sk: name.to_owned(),
        };
        (at, key)
    }

    fn walk(entries: &[(i64, Key)], show: impl Fn(&(i64, Key)) -> String) -> (Vec<String>, usize) {
        let (mut all, mut pages, mut cursor) = (Vec::new(), 0, None);
        loop {
            let page = Page::of(entries, cursor.as_ref(), |entry| (entry.0, &entry.1), &show);
            let bytes: usize = page.entries.iter().map(String::len).sum();
            assert!(bytes < 5_000_000 && page.entries.len() <= MOST_ENTRIES);
            all.extend(page.entries);
            pages += 1;
            cursor = page.cursor;
            if cursor.is_none() {
                return (all, pages);
            }
        }
    }

    #[test]
    fn pages_have_every_entry_once_whatever_times_and_keys_are() {
        let mut entries: Vec<_> = (0..2500)
            .map(|n| entry(n / 700, &format!("{:04}", n * 7 % 2500)))
            .collect();
        entries.sort();
        let (all, pages) = walk(&entries, |(_, key)| key.sk.clone());
        let expected: Vec<_> = entries.iter().map(|(_, key)| key.sk.clone()).collect();
        assert_eq!((all, pages), (expected, 3));
        assert_eq!(walk(&[], |_| String::new()).1, 1);
        assert_eq!(walk(&entries[..1000], |_| String::new()).1, 1);
    }

    #[test]
    fn a_page_begins_after_the_entry_of_the_cursor_also_if_keys_are_not_in_order() {
        let entries: Vec<_> = (0..2500)
            .map(|n| entry(n / 700, &format!("{:04}", n * 7 % 2500)))
            .collect();
        let (all, pages) = walk(&entries, |(_, key)| key.sk.clone());
        let expected: Vec<_> = entries.iter().map(|(_, key)| key.sk.clone()).collect();
        assert_eq!((all, pages), (expected, 3));
        let gone = Cursor::after_entry(1, &entry(1, "zzzz").1);
        let rest = Page::of(
            &entries,
            Some(&gone),
            |entry| (entry.0, &entry.1),
            |(at, _)| *at,
        );
        assert_eq!(rest.entries.first(), Some(&2));
    }

    #[test]
    fn large_entries_make_small_pages_and_an_entry_that_is_too_large_is_one() {
        let entries: Vec<_> = (0..10).map(|n| entry(n, "a")).collect();
        let (all, pages) = walk(&entries, |_| "x".repeat(1_000_000));
        assert_eq!((all.len(), pages), (10, 3));
        // Each quote is two characters in the body, and three in the function's document.
        let (all, pages) = walk(&entries, |_| "\"".repeat(500_000));
        assert_eq!((all.len(), pages), (10, 5));
        let (all, pages) = walk(&entries, |_| "x".repeat(4_900_000));
        assert_eq!((all.len(), pages), (10, 10));
    }
}
