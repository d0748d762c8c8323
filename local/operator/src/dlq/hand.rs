//! The messages that were received and are temporarily hidden from other receivers.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, MessageSystemAttributeName};

use crate::dlq::letter::Letter;
use crate::dlq::queues::Queues;
use crate::number::messages;

/// How long a message stays hidden if this program is killed. Long enough to hold 100,000 messages.
const HELD_FOR: Duration = Duration::from_mins(30);
/// A receive with a wait time queries all of the queue's servers. The wait is shorter than the deadline of a call.
const WAIT_SECONDS: i32 = 1;
/// The most messages of a receive and the most entries of a batch.
const AT_MOST: i32 = 10;

/// The held messages.
#[derive(Debug)]
pub(super) struct Hand<'a> {
    pub(super) queues: &'a Queues,
    held: HashMap<String, Letter>,
}

/// Runs `work` and then makes the remaining messages visible again, even if the work failed.
pub(super) async fn in_hand<T>(
    queues: &Queues,
    work: impl AsyncFnOnce(&mut Hand<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut hand = Hand {
        queues,
        held: HashMap::new(),
    };
    let worked = tokio::select! {
        worked = work(&mut hand) => worked,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    let handed_back = hand.hand_back().await;
    let worked = worked?;
    handed_back?;
    Ok(worked)
}

impl Hand<'_> {
    /// Receives until no new message arrives; returns whether any did.
    pub(super) async fn take_all(&mut self) -> anyhow::Result<bool> {
        let before = self.held.len();
        while self.take_some().await? > 0 {}
        Ok(self.held.len() > before)
    }

    /// Receives one batch; returns the number of new messages.
    async fn take_some(&mut self) -> anyhow::Result<usize> {
        let seconds = i32::try_from(HELD_FOR.as_secs()).unwrap_or(i32::MAX);
        let received = self
            .queues
            .client
            .receive_message()
            .queue_url(&self.queues.dead_letters_url)
            .max_number_of_messages(AT_MOST)
            .visibility_timeout(seconds)
            .wait_time_seconds(WAIT_SECONDS)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await
            .context("cannot receive from the dead-letter queue")?;
        let mut new = 0;
        for message in received.messages.unwrap_or_default() {
            let letter = Letter::read(message)?;
            let known = self.held.insert(letter.own_id.clone(), letter);
            new += usize::from(known.is_none());
        }
        Ok(new)
    }

    /// The held messages, the oldest first.
    pub(super) fn letters(&self) -> Vec<Letter> {
        let mut letters: Vec<Letter> = self.held.values().cloned().collect();
        letters.sort_by(|one, other| one.place().cmp(&other.place()));
        letters
    }

    /// Deletes a message from the queue.
    pub(super) async fn delete(&mut self, letter: &Letter) -> anyhow::Result<()> {
        self.queues
            .client
            .delete_message()
            .queue_url(&self.queues.dead_letters_url)
            .receipt_handle(&letter.receipt_handle)
            .send()
            .await?;
        self.held.remove(&letter.own_id);
        Ok(())
    }

    /// Makes every held message visible again.
    async fn hand_back(&mut self) -> anyhow::Result<()> {
        let held: Vec<Letter> = self.held.drain().map(|(_, letter)| letter).collect();
        let mut hidden = 0;
        for some in held.chunks(usize::try_from(AT_MOST).unwrap_or(1)) {
            hidden += self.make_visible(some).await;
        }
        if hidden > 0 {
            let minutes = HELD_FOR.as_secs() / 60;
            bail!(
                "{} could not be made visible again: hidden for up to {minutes} minutes",
                messages(hidden)
            );
        }
        Ok(())
    }

    /// Makes a batch visible; returns how many of its messages stay hidden.
    async fn make_visible(&self, letters: &[Letter]) -> usize {
        let entry = |(index, letter): (usize, &Letter)| {
            ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(index.to_string())
                .receipt_handle(&letter.receipt_handle)
                .visibility_timeout(0)
                .build()
                .ok()
        };
        let entries = letters.iter().enumerate().filter_map(entry).collect();
        let changed = self
            .queues
            .client
            .change_message_visibility_batch()
            .queue_url(&self.queues.dead_letters_url)
            .set_entries(Some(entries))
            .send()
            .await;
        changed.map_or(letters.len(), |changed| changed.failed.len())
    }
}
