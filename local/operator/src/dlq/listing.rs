//! The output of `dlq list`.

use jiff::Timestamp;
use serde::Serialize;

use crate::dlq::letter::{Letter, Listed};
use crate::dlq::queues::Source;
use crate::text_table::{age, or_dash, table};

/// The messages, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// The messages.
    pub messages: Vec<Listed>,
    /// Whether one of these may hide others, because it shares its message group.
    pub may_be_more: bool,
}

impl Listing {
    /// Adds the messages of a queue.
    pub(super) fn add(&mut self, source: Source, letters: &[Letter]) {
        let now = Timestamp::now();
        let listed = letters.iter().map(|letter| letter.listed(source, now));
        self.messages.extend(listed);
        self.messages.sort_by_key(|listed| listed.buried_at);
        self.may_be_more |= letters.iter().any(|letter| !letter.is_alone);
    }

    /// Text for a terminal.
    pub fn text(&self) -> String {
        let rows = self.messages.iter().map(row);
        let columns = [
            "MESSAGE", "QUEUE", "AGE", "KIND", "CLIENT", "TO", "ID", "ORDER", "REASON",
        ];
        let mut text = table(columns, rows, "The dead-letter queues are empty.");
        if self.may_be_more {
            text.push_str(
                "\nThere may be more messages: a queue shows only the first messages of a group.",
            );
        }
        text
    }
}

/// `TO` is a delivery's endpoint or the channel account of a request for a return; `ID` the delivery or the request.
fn row(listed: &Listed) -> [String; 9] {
    [
        listed.message_id.clone(),
        listed.queue.to_owned(),
        age(listed.age_seconds),
        or_dash(listed.kind.as_ref()),
        or_dash(listed.client_id.as_ref()),
        or_dash(listed.endpoint_id.as_ref().or(listed.alias.as_ref())),
        or_dash(listed.delivery_id.as_ref().or(listed.return_id.as_ref())),
        or_dash(listed.order_hash.as_ref()),
        or_dash(listed.reason.as_ref()),
    ]
}
