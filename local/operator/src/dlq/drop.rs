//! Deletes dead letters that nobody will send again.

use serde::Serialize;

use crate::dlq::hand::Hand;
use crate::number::messages;

/// The result of a drop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dropped {
    /// The messages that were deleted.
    pub dropped: Vec<String>,
    /// Those that are not among the visible messages.
    pub not_found: Vec<String>,
}

impl Dropped {
    /// Text for a terminal.
    pub fn text(&self) -> String {
        let mut lines = vec![format!("{} dropped", messages(self.dropped.len()))];
        let missing = self.not_found.iter();
        lines.extend(missing.map(|id| format!("{id} not found")));
        lines.join("\n")
    }
}

/// Deletes the messages with these ids; returns those that were found.
pub(super) async fn drop_letters(
    hand: &mut Hand<'_>,
    wanted: &[String],
) -> anyhow::Result<Vec<String>> {
    let mut dropped = Vec::new();
    // In rounds, because a deleted message may have hidden others.
    while hand.take_all().await? {
        for letter in hand.letters() {
            if let Some(id) = wanted.iter().find(|id| letter.has_id(id)) {
                hand.delete(&letter).await?;
                dropped.push(id.clone());
            }
        }
    }
    Ok(dropped)
}
