//! Sends messages to the delivery queue again: to their original lane, with the same `webhook-id`, and with a mark that the
//! client sees.

use std::collections::BTreeMap;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use logistics::queue::sender::Sender;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::dlq::filter::{Filter, Meant};
use crate::dlq::hand::Hand;
use crate::dlq::letter::Letter;

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
    /// Text for a terminal.
    pub fn text(&self) -> String {
        let mut lines = vec![format!("{} messages replayed", self.replayed)];
        let skipped = self.skipped.iter();
        lines.extend(skipped.map(|one| format!("{} skipped: {}", one.message_id, one.reason)));
        lines.join("\n")
    }
}

/// Replays the selected messages in rounds, because a deleted message may have hidden others.
pub(super) async fn replay(
    hand: &mut Hand<'_>,
    deliveries_url: &str,
    filter: &Filter,
) -> anyhow::Result<Replayed> {
    let deliveries = Sender::new(hand.queues.client.clone(), deliveries_url.to_owned());
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
                    skipped.insert(letter.message_id, reason);
                }
            }
        }
        progress.inc_length(u64::try_from(meant.len())?);
        for letter in meant {
            send_back(hand, &deliveries, &letter)
                .await
                .with_context(|| {
                    format!("replay stopped at a failure after {replayed} messages")
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
async fn send_back(
    hand: &mut Hand<'_>,
    deliveries: &Sender,
    letter: &Letter,
) -> anyhow::Result<()> {
    let body = marked(&letter.body)?;
    // With this deduplication id the queue drops a repeat after a failed deletion, but accepts a message that was buried again.
    deliveries
        .send_raw(body, &letter.lane, &letter.message_id)
        .await?;
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
