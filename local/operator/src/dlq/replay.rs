//! Sends messages to the delivery queue again: into the lane that they came from, under the same `webhook-id`, with a
//! mark that the client sees.

use std::collections::BTreeMap;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use logistics::queue::sender::Sender;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::dlq::filter::{Filter, Meant};
use crate::dlq::hand::Hand;
use crate::dlq::letter::Letter;

/// What a replay did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// How many messages were sent, and deleted from the dead-letter queue.
    pub replayed: usize,
    /// What stays there although the filters do not exclude it.
    pub skipped: Vec<Skipped>,
}

/// A message that stays, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// Which.
    pub message_id: String,
    /// Why.
    pub reason: &'static str,
}

impl Replayed {
    /// For a terminal.
    pub fn text(&self) -> String {
        let mut lines = vec![format!("{} messages replayed", self.replayed)];
        let skipped = self.skipped.iter();
        lines.extend(skipped.map(|one| format!("{} stays: {}", one.message_id, one.reason)));
        lines.join("\n")
    }
}

/// Replays what is meant, round after round: what is deleted may have hidden others.
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
                .with_context(|| format!("{replayed} messages were replayed, then one was not"))?;
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

/// Sends one message and then deletes it. It ends at the first failure, so that no later message of a lane overtakes.
async fn send_back(
    hand: &mut Hand<'_>,
    deliveries: &Sender,
    letter: &Letter,
) -> anyhow::Result<()> {
    let body = marked(&letter.body)?;
    // The id makes the queue drop a repeat after a deletion that failed, and lets the message pass that was buried again.
    deliveries
        .send_raw(body, &letter.lane, &letter.message_id)
        .await?;
    hand.delete(letter).await.context(
        "it was sent, but is still in the dead-letter queue; to replay it again does no harm",
    )
}

/// The message with its marks: the client is told, and the record is read first, in case it was delivered meanwhile.
/// Fields that this version does not know stay.
fn marked(body: &str) -> anyhow::Result<String> {
    let mut task: Map<String, Value> = serde_json::from_str(body)?;
    task.insert("replayed".to_owned(), json!(true));
    task.insert("resend".to_owned(), json!(true));
    Ok(serde_json::to_string(&task)?)
}

/// On standard error, and only if that is a terminal.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} replayed, {eta} left");
    let bar = ProgressBar::new(0);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
