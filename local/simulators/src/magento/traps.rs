//! The quirks of real shops that a test turns on, by number. Those that no version is without are always on.
//!
//! | number | effect |
//! |---|---|
//! | 1 | a comment without a status sets the order's status to null |
//! | 2 | a comment's status need not be configured |
//! | 3 | a comment does not move the order to a status of another state; with `{"all": true}` to no status at all |
//! | 9 | `true`: cancel answers true and does nothing; `{"false": n}`: the next n answer false |
//! | 10 | an order with a bundle that ships together stays processing |
//! | 11 | a shipment needs a source code, and stock there |
//! | 12 | `{"poison": [id], "emptyFields", "totalCount", "repeatLastPage"}` |
//! | 13 | partial invoices are refused; with `{"uncaptured": true}` invoices are open instead |
//! | 14 | a stock item's PUT changes nothing; with `{"noSources": true}` the shop has no sources instead, with `"unchanged": true` besides it does both |

use std::collections::BTreeMap;

use serde_json::Value;

/// The numbers of the quirks.
const NUMBERS: std::ops::RangeInclusive<u8> = 1..=15;

/// The quirks that are on.
#[derive(Default)]
pub(super) struct Traps(BTreeMap<u8, Value>);

impl Traps {
    /// Reads the body of `PUT /magento/traps`; says which number is wrong.
    pub(super) fn of(body: BTreeMap<String, Value>) -> Result<Self, String> {
        let mut traps = BTreeMap::new();
        for (number, value) in body {
            let known = number
                .parse()
                .ok()
                .filter(|number| NUMBERS.contains(number));
            let known = known.ok_or_else(|| format!("{number:?} is no trap: they are 1 to 15"))?;
            if !(value.is_boolean() || value.is_object()) {
                return Err(format!("trap {number} takes true, false or an object"));
            }
            if value != Value::Bool(false) {
                traps.insert(known, value);
            }
        }
        Ok(Self(traps))
    }

    pub(super) fn is_on(&self, number: u8) -> bool {
        self.0.contains_key(&number)
    }

    /// Whether it is on with plain `true`.
    pub(super) fn is_plain(&self, number: u8) -> bool {
        self.0.get(&number) == Some(&Value::Bool(true))
    }

    /// An option of a trap that is on.
    pub(super) fn option(&self, number: u8, name: &str) -> Option<&Value> {
        self.0.get(&number)?.get(name)
    }

    /// Whether an option is true.
    pub(super) fn has(&self, number: u8, name: &str) -> bool {
        self.option(number, name) == Some(&Value::Bool(true))
    }

    /// Takes one from a counter; false once it is empty.
    pub(super) fn count_down(&mut self, number: u8, name: &str) -> bool {
        let counter = self.0.get_mut(&number).and_then(|trap| trap.get_mut(name));
        let Some(counter) = counter else {
            return false;
        };
        let left = counter.as_u64().unwrap_or_default();
        *counter = left.saturating_sub(1).into();
        left > 0
    }
}
