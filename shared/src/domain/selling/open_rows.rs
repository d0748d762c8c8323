//! The rows of an order that invoices or shipments take, and how much of each is open.
//!
//! A shop may sell one article as several rows: a set and its parts. A document takes either the set's row or those of its
//! parts. A request may name any of them; what it names is brought to the row that the document takes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::domain::selling::document::{ChannelItemId, DocumentContent, DocumentItem};

/// The rows that one kind of document takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenRows {
    /// How much of each is wanted and done.
    pub rows: BTreeMap<ChannelItemId, OpenRow>,
    /// The rows that are taken as a part of another one.
    pub parts: BTreeMap<ChannelItemId, PartOf>,
}

/// How much of a row is wanted and done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRow {
    /// What was ordered and not cancelled.
    pub wanted: Decimal,
    /// What is invoiced or shipped.
    pub done: Decimal,
}

/// A row that is part of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartOf {
    /// The row that the document takes.
    pub row: ChannelItemId,
    /// How many of the part are in one of that row.
    pub per_piece: Decimal,
}

/// What is wrong with the items that a request names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongItem {
    /// The order has no such item, or the document takes none of it.
    #[error("is no item of this order that can be put on this document")]
    Unknown,
    /// More than is open.
    #[error("must be at most {0}: no more of it is open")]
    TooMany(Decimal),
    /// Not a whole number of the row that it is part of.
    #[error("must be for a whole number of the set {0} that the item is part of")]
    Broken(ChannelItemId),
    /// Two parts of a row contradict each other.
    #[error("must be for as many of the set {0} as the other items of the set")]
    Contradicts(ChannelItemId),
    /// Nothing is open.
    #[error("nothing of this order is open")]
    NothingOpen,
}

/// A wrong item with its place in the request; no place means the whole list.
pub type Misplaced = (Option<usize>, WrongItem);

impl OpenRow {
    fn open(self) -> Decimal {
        (self.wanted - self.done).max(Decimal::ZERO)
    }
}

impl OpenRows {
    /// The same rows, of which these documents have taken at least what they say. Some shops do not count them themselves.
    #[must_use]
    pub fn besides<'a>(mut self, documents: impl Iterator<Item = &'a [DocumentItem]>) -> Self {
        let mut taken: BTreeMap<&ChannelItemId, Decimal> = BTreeMap::new();
        for item in documents.flatten() {
            *taken.entry(&item.item_id).or_default() += item.quantity;
        }
        for (id, taken) in taken {
            if let Some(row) = self.rows.get_mut(id) {
                row.done = row.done.max(taken);
            }
        }
        self
    }

    /// The rows and quantities for a document with these items; all that is open if there are none.
    pub fn take(&self, items: &[DocumentItem]) -> Result<Vec<DocumentItem>, Vec<Misplaced>> {
        if items.is_empty() {
            return self.all_open();
        }
        let mut taken: BTreeMap<ChannelItemId, Decimal> = BTreeMap::new();
        let mut wrong = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match self.row_of(item) {
                Err(error) => wrong.push((Some(index), error)),
                Ok((row, quantity)) => {
                    let before = taken.insert(row.clone(), quantity);
                    if before.is_some_and(|before| before != quantity) {
                        wrong.push((Some(index), WrongItem::Contradicts(row)));
                    }
                }
            }
        }
        if wrong.is_empty() {
            Ok(listed(taken))
        } else {
            Err(wrong)
        }
    }

    fn all_open(&self) -> Result<Vec<DocumentItem>, Vec<Misplaced>> {
        let open = self.rows.iter().map(|(id, row)| (id.clone(), row.open()));
        let open = listed(open.filter(|(_, open)| *open > Decimal::ZERO));
        if open.is_empty() {
            Err(vec![(None, WrongItem::NothingOpen)])
        } else {
            Ok(open)
        }
    }

    /// The row that the document takes for an item, and how much of it.
    fn row_of(&self, item: &DocumentItem) -> Result<(ChannelItemId, Decimal), WrongItem> {
        let (id, quantity, per_piece) = match self.parts.get(&item.item_id) {
            Some(part) if !self.rows.contains_key(&item.item_id) => {
                let of_row = item.quantity.checked_div(part.per_piece);
                let of_row = of_row.filter(|pieces| pieces.normalize().scale() == 0);
                let of_row = of_row.ok_or_else(|| WrongItem::Broken(part.row.clone()))?;
                (&part.row, of_row, part.per_piece)
            }
            Some(_) | None => (&item.item_id, item.quantity, Decimal::ONE),
        };
        let row = self.rows.get(id).ok_or(WrongItem::Unknown)?;
        if quantity > row.open() {
            let most = row.open() * per_piece;
            return Err(WrongItem::TooMany(most.normalize()));
        }
        Ok((id.clone(), quantity.normalize()))
    }

    /// Whether a document has exactly these rows. Those that no document takes by themselves, such as the parts of a set, do not
    /// count.
    pub fn are_exactly(&self, rows: &[DocumentItem], document: DocumentContent<'_>) -> bool {
        let counted = |items: &[DocumentItem]| {
            let mut sums: BTreeMap<ChannelItemId, Decimal> = BTreeMap::new();
            for item in items {
                *sums.entry(item.item_id.clone()).or_default() += item.quantity;
            }
            sums
        };
        let wanted = counted(rows);
        let mut found = counted(document.items);
        found.retain(|id, _| wanted.contains_key(id) || self.rows.contains_key(id));
        wanted == found
    }
}

fn listed(rows: impl IntoIterator<Item = (ChannelItemId, Decimal)>) -> Vec<DocumentItem> {
    let item = |(item_id, quantity)| DocumentItem { item_id, quantity };
    rows.into_iter().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: &str) -> ChannelItemId {
        id.parse().unwrap()
    }

    fn some(items: &[(&str, i64)]) -> Vec<DocumentItem> {
        let item = |(item, quantity): &(&str, i64)| DocumentItem {
            item_id: id(item),
            quantity: (*quantity).into(),
        };
        items.iter().map(item).collect()
    }

    /// A row 1 with three pieces of which one is done, a set 10 of two with two pieces of the part 11 and one of 12, and a row 2
    /// of which all is done.
    fn rows() -> OpenRows {
        let row = |wanted: i64, done: i64| OpenRow {
            wanted: wanted.into(),
            done: done.into(),
        };
        let part = |per_piece: i64| PartOf {
            row: id("10"),
            per_piece: per_piece.into(),
        };
        OpenRows {
            rows: [
                (id("1"), row(3, 1)),
                (id("2"), row(1, 1)),
                (id("10"), row(2, 0)),
            ]
            .into(),
            parts: [(id("11"), part(2)), (id("12"), part(1))].into(),
        }
    }

    #[test]
    fn all_that_is_open_is_taken_if_no_items_are_named() {
        assert_eq!(rows().take(&[]), Ok(some(&[("1", 2), ("10", 2)])));
        let mut done = rows();
        for row in done.rows.values_mut() {
            row.done = row.wanted;
        }
        assert_eq!(done.take(&[]), Err(vec![(None, WrongItem::NothingOpen)]));
    }

    #[test]
    fn the_parts_of_a_set_are_taken_as_the_set() {
        for parts in [
            some(&[("11", 4)]),
            some(&[("11", 4), ("12", 2)]),
            some(&[("10", 2), ("12", 2)]),
        ] {
            assert_eq!(rows().take(&parts), Ok(some(&[("10", 2)])));
        }
        let wrong = |items: &[(&str, i64)]| rows().take(&some(items)).unwrap_err();
        assert_eq!(
            wrong(&[("11", 3)]),
            [(Some(0), WrongItem::Broken(id("10")))]
        );
        assert_eq!(
            wrong(&[("11", 4), ("12", 1)]),
            [(Some(1), WrongItem::Contradicts(id("10")))]
        );
        assert_eq!(
            wrong(&[("11", 6)]),
            [(Some(0), WrongItem::TooMany(4.into()))]
        );
    }

    #[test]
    fn every_wrong_item_is_named_at_its_place() {
        let wrong = rows().take(&some(&[("1", 3), ("7", 1), ("2", 1), ("1", 2)]));
        assert_eq!(
            wrong.unwrap_err(),
            [
                (Some(0), WrongItem::TooMany(2.into())),
                (Some(1), WrongItem::Unknown),
                (Some(2), WrongItem::TooMany(0.into())),
            ]
        );
    }

    #[test]
    fn a_document_is_recognised_by_its_rows_whatever_parts_it_lists() {
        let matches = |found: &[(&str, i64)]| {
            let found = some(found);
            let content = DocumentContent {
                items: &found,
                tracks: &[],
            };
            rows().are_exactly(&some(&[("1", 2), ("10", 1)]), content)
        };
        assert!(matches(&[("10", 1), ("1", 2)]));
        assert!(matches(&[("10", 1), ("1", 2), ("11", 2), ("12", 1)]));
        assert!(matches(&[("10", 1), ("1", 1), ("1", 1)]));
        assert!(!matches(&[("10", 1), ("1", 1)]));
        assert!(!matches(&[("10", 1)]));
        assert!(!matches(&[("10", 1), ("1", 2), ("2", 1)]));
    }

    #[test]
    fn what_other_documents_took_is_not_open() {
        let document = some(&[("1", 3), ("10", 1), ("99", 1)]);
        let rows = rows().besides([document.as_slice()].into_iter());
        assert_eq!(rows.take(&[]), Ok(some(&[("10", 1)])));
    }
}
