//! Sends messages to the queue from which they came again: to their original group, a delivery with the same `webhook-id` and
//! with a mark that the client sees.

use std::collections::BTreeMap;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use logistics::queue::sender::Sender;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::dlq::filter::{Filter, Meant};
use crate::dlq::hand::Hand;
use crate::dlq::letter::{Content, Letter};
use crate::number::messages;

/// What to do with messages that were skipped.
const WHAT_REMAINS: &str = "Skipped messages remain: `dlq show MESSAGE --payload` shows one, `dlq drop MESSAGE` deletes it.";

/// The result of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// Number of messages sent again and deleted from the dead-letter queue.
    pub replayed: usize,
    /// Messages that remain although the filters do not exclude them.
    pub skipped: Vec<Skipped>,
}

/// A message that was not replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// The message's id.
    pub message_id: String,
    /// Why it was not replayed.
    pub reason: &'static str,
}

impl Replayed {
    /// Adds the result of another queue.
    pub(super) fn add(&mut self, other: Self) {
        self.replayed += other.replayed;
        self.skipped.extend(other.skipped);
    }

    /// Text for a terminal.
    pub fn text(&self) -> String {
        let mut lines = vec![format!("{} replayed", messages(self.replayed))];
        let skipped = self.skipped.iter();
        lines.extend(skipped.map(|one| format!("{} skipped: {}", one.message_id, one.reason)));
        if !self.skipped.is_empty() {
            lines.push(WHAT_REMAINS.to_owned());
        }
        lines.join("\n")
    }
}

/// Replays the selected messages in rounds, because a deleted message may have hidden others.
pub(super) async fn replay(hand: &mut Hand<'_>, filter: &Filter) -> anyhow::Result<Replayed> {
    let source_url = hand.queues.source_url()?.to_owned();
    let source = Sender::new(hand.queues.client.clone(), source_url);
    let progress = progress();
    let mut replayed = 0;
    let mut skipped = BTreeMap::new();
    while hand.take_all().await? {
        let mut meant = Vec::new();
        for letter in hand.letters() {
            match filter.judge(&letter) {
                Meant::Yes => meant.push(letter),
                Meant::No => {}
                Meant::Skip(reason) => {
                    skipped.insert(letter.id().to_owned(), reason);
                }
            }
        }
        progress.inc_length(u64::try_from(meant.len())?);
        for letter in meant {
            send_back(hand, &source, &letter).await.with_context(|| {
                let before = messages(replayed);
                format!("replay stopped at a failure after {before}")
            })?;
            replayed += 1;
            progress.inc(1);
        }
    }
    progress.finish_and_clear();
    Ok(Replayed {
        replayed,
        skipped: skipped
            .into_iter()
            .map(|(message_id, reason)| Skipped { message_id, reason })
            .collect(),
    })
}

/// Sends one message and then deletes it. The caller stops at the first failure, so that no later message of a lane overtakes.
async fn send_back(hand: &mut Hand<'_>, source: &Sender, letter: &Letter) -> anyhow::Result<()> {
    let body = match &letter.content {
        Content::Delivery(_) => marked(&letter.body)?,
        Content::Reading(_) | Content::Unreadable => letter.body.clone(),
    };
    // With this deduplication id the queue drops a repeat after a failed deletion, but accepts a message that was buried again.
    source.send_raw(body, &letter.lane, &letter.own_id).await?;
    hand.delete(letter).await.context(
        "the message was sent but not deleted from the dead-letter queue; it is safe to replay it again",
    )
}

/// The message with its marks: `replayed` is shown to the client, and `resend` makes the function read the delivery record
/// first, in case it was delivered meanwhile. Fields unknown to this version are kept.
fn marked(body: &str) -> anyhow::Result<String> {
    let mut task: Map<String, Value> = serde_json::from_str(body)?;
    task.insert("replayed".to_owned(), json!(true));
    task.insert("resend".to_owned(), json!(true));
    Ok(serde_json::to_string(&task)?)
}

/// A progress bar on standard error, if that is a terminal.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} replayed, {eta} left");
    let bar = ProgressBar::new(0);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
