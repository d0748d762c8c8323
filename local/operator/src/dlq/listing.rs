//! The output of `cargo local dlq list`.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use crate::dlq::letter::{Letter, Listed};

/// The messages, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// The messages.
    pub messages: Vec<Listed>,
    /// Whether one of these may hide others, because it shares its message group.
    pub may_be_more: bool,
}

impl Listing {
    pub(super) fn of(letters: &[Letter]) -> Self {
        let now = Timestamp::now();
        Self {
            messages: letters.iter().map(|letter| letter.listed(now)).collect(),
            may_be_more: letters.iter().any(|letter| !letter.is_alone),
        }
    }

    /// Text for a terminal.
    pub fn text(&self) -> String {
        if self.messages.is_empty() {
            return "The dead-letter queue is empty.".to_owned();
        }
        let mut text = String::new();
        for listed in &self.messages {
            // Writing to a string cannot fail.
            writeln!(text, "{}", line(listed)).ok();
        }
        if self.may_be_more {
            text.push_str(
                "There may be more messages: a queue shows only the first messages of a group.",
            );
        }
        text.trim_end().to_owned()
    }
}

fn line(listed: &Listed) -> String {
    let or_dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{}  {:>8}  {}  {}  {}  {}  order {}  {}",
        listed.message_id,
        age(listed.age_seconds),
        or_dash(&listed.kind),
        or_dash(&listed.client_id),
        or_dash(&listed.endpoint_id),
        or_dash(&listed.delivery_id),
        or_dash(&listed.order_hash),
        or_dash(&listed.reason),
    )
}

/// The age in the largest unit that is at least 1.
fn age(seconds: i64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "min")];
    units
        .into_iter()
        .find(|(length, _)| seconds >= *length)
        .map_or_else(
            || format!("{seconds} s"),
            |(length, unit)| format!("{} {unit}", seconds / length),
        )
}
