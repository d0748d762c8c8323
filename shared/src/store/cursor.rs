//! The end of a page of an index, in a form that a client can send back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::text::ClientId;
use crate::store::items::key_of;
use crate::store::keys::Key;

/// The two key attributes of an index.
#[derive(Debug, Clone, Copy)]
pub(super) struct IndexKey {
    /// The partition key.
    pub(super) of: &'static str,
    /// The sort key: a time in epoch milliseconds.
    pub(super) at: &'static str,
}

/// The end of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The partition key without the client: an order or its equivalent.
    pub(super) order: String,
    /// The sort key.
    pub(super) sort: String,
    /// The time in epoch milliseconds, or its equivalent.
    pub(super) at: i64,
}

/// The value is not one of our cursors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the cursor of an earlier response")]
pub struct NotACursor;

impl Cursor {
    /// A cursor after an entry of a list in the order of times and keys, which has this time in epoch milliseconds.
    pub fn after_entry(at: i64, key: &Key) -> Self {
        Self {
            order: key.order().to_owned(),
            sort: key.sk.clone(),
            at,
        }
    }

    /// Whether it is after this entry.
    pub fn is_after(&self, at: i64, key: &Key) -> bool {
        (self.at, self.order.as_str(), self.sort.as_str()) == (at, key.order(), key.sk.as_str())
    }

    /// Whether an entry of such a list comes after it.
    pub fn is_before(&self, at: i64, key: &Key) -> bool {
        let here = (self.at, self.order.as_str(), self.sort.as_str());
        here < (at, key.order(), key.sk.as_str())
    }

    /// A cursor after the last item of a page.
    pub(super) fn after(last: &HashMap<String, AttributeValue>, index: IndexKey) -> Option<Self> {
        let key = key_of(last);
        let (_, order) = key.pk.split_once('#')?;
        Some(Self {
            order: order.to_owned(),
            sort: key.sk,
            at: last.get(index.at)?.as_n().ok()?.parse().ok()?,
        })
    }

    /// The key for the query, always within the client's own partition: a cursor cannot refer to another client.
    pub(super) fn key(
        &self,
        client: &ClientId,
        index: IndexKey,
        partition: &str,
    ) -> HashMap<String, AttributeValue> {
        let text = |value: String| AttributeValue::S(value);
        [
            ("pk", text(format!("{client}#{}", self.order))),
            ("sk", text(self.sort.clone())),
            (index.of, text(partition.to_owned())),
            (index.at, AttributeValue::N(self.at.to_string())),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{} {} {}", self.at, self.order, self.sort);
        formatter.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

impl std::str::FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotACursor)?;
        let text = String::from_utf8(bytes).map_err(|_| NotACursor)?;
        // A return order's code may contain blanks; times and sort keys contain none.
        let (at, rest) = text.split_once(' ').ok_or(NotACursor)?;
        let (order, sort) = rest.rsplit_once(' ').ok_or(NotACursor)?;
        Ok(Self {
            order: order.to_owned(),
            sort: sort.to_owned(),
            at: at.parse().map_err(|_| NotACursor)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for order in ["0a1b", "RET 1/? %#", " "] {
            let cursor = Cursor {
                order: order.to_owned(),
                sort: "ORDER".to_owned(),
                at: 1_700_000_000_000,
            };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for wrong in ["", "x", "MSAy", "MQ"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong}");
        }
    }
}
