//! The cursor of a list of orders. It belongs to the client, the account and the query that it was made for.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use crate::digest::Sha256;
use crate::domain::selling::listing::{OrderPosition, OrderQuery};
use crate::domain::text::{AccountAlias, ClientId};

/// Enough of a digest to tell one list from another.
const MARK_BYTES: usize = 12;

/// The list that a cursor belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListMark([u8; MARK_BYTES]);

impl ListMark {
    /// The mark of a client's list, whatever its position.
    pub fn of(client: &ClientId, alias: &AccountAlias, query: &OrderQuery) -> Self {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        let mut digest = Sha256::new();
        for part in [
            client.as_str(),
            alias.as_str(),
            if query.only_cancelled {
                "cancelled"
            } else {
                ""
            },
            query.status.as_deref().unwrap_or_default(),
            &time(query.created_since),
            &time(query.updated_since),
        ] {
            digest.update(part);
            digest.update([0]);
        }
        let mut mark = [0; MARK_BYTES];
        for (byte, of_digest) in mark.iter_mut().zip(digest.finalize().iter()) {
            *byte = *of_digest;
        }
        Self(mark)
    }
}

/// A position in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderCursor {
    mark: String,
    position: OrderPosition,
}

/// The value is not a cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the cursor of an earlier response to the same request")]
pub struct NotThisList;

impl OrderCursor {
    /// The cursor of a position.
    pub fn of(mark: ListMark, position: OrderPosition) -> Self {
        Self {
            mark: URL_SAFE_NO_PAD.encode(mark.0),
            position,
        }
    }

    /// The position, if the cursor belongs to this list.
    pub fn within(self, mark: ListMark) -> Result<OrderPosition, NotThisList> {
        if self.mark == URL_SAFE_NO_PAD.encode(mark.0) {
            Ok(self.position)
        } else {
            Err(NotThisList)
        }
    }
}

impl fmt::Display for OrderCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OrderPosition { updated_at, id } = &self.position;
        let text = format!("{} {} {id}", self.mark, updated_at.as_second());
        formatter.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

impl FromStr for OrderCursor {
    type Err = NotThisList;

    fn from_str(text: &str) -> Result<Self, NotThisList> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotThisList)?;
        let text = String::from_utf8(bytes).map_err(|_| NotThisList)?;
        let mut parts = text.splitn(3, ' ');
        let (Some(mark), Some(second), Some(id)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(NotThisList);
        };
        let second = second.parse().map_err(|_| NotThisList)?;
        Ok(Self {
            mark: mark.to_owned(),
            position: OrderPosition {
                updated_at: Timestamp::from_second(second).map_err(|_| NotThisList)?,
                id: id.parse().map_err(|_| NotThisList)?,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(client: &str, alias: &str, change: impl FnOnce(&mut OrderQuery)) -> ListMark {
        let mut query = OrderQuery::first(10);
        change(&mut query);
        ListMark::of(&client.parse().unwrap(), &alias.parse().unwrap(), &query)
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_only_for_its_own_list() {
        let position = OrderPosition {
            updated_at: "2026-11-01T10:00:00Z".parse().unwrap(),
            id: "11254".parse().unwrap(),
        };
        let own = mark("demo", "shop", |_| {});
        let text = OrderCursor::of(own, position.clone()).to_string();
        let read = || text.parse::<OrderCursor>().unwrap();
        assert_eq!(read().within(own), Ok(position));
        let later = "2026-11-02T00:00:00Z".parse().unwrap();
        for other in [
            mark("other", "shop", |_| {}),
            mark("demo", "shop2", |_| {}),
            mark("demo", "shop", |query| query.only_cancelled = true),
            mark("demo", "shop", |query| {
                query.status = Some("pending".to_owned());
            }),
            mark("demo", "shop", |query| query.created_since = Some(later)),
            mark("demo", "shop", |query| query.updated_since = Some(later)),
        ] {
            assert_eq!(read().within(other), Err(NotThisList));
        }
    }

    #[test]
    fn anything_else_is_no_cursor() {
        for wrong in ["", "x", "MSAy", "bWFyayBub3cgMQ", "bWFyayAxIA"] {
            assert_eq!(wrong.parse::<OrderCursor>(), Err(NotThisList), "{wrong}");
        }
    }
}
