//! `cargo local dlq`: lists the dead-letter queue and replays its messages to the delivery queue, in the running local stack
//! or in AWS.
//!
//! - A message is deleted only after its copy was sent. If a copy is sent twice, the queue drops it or the function finds it
//!   delivered: for a replayed message the function reads the delivery record before any attempt.
//! - Reading a message means receiving it, which hides it. So every message that was received and not deleted is made
//!   visible again at the end, also after an error and after Ctrl-C.
//! - A queue shows only the first messages of a message group. Our functions bury each message in its own group, so it
//!   hides no other. A message that SQS moved after 1,000 receives, or that another program sent, may hide others.
//!
//! A listing has only ids and times. A payload is shown only on request.

mod command;
mod filter;
mod hand;
mod letter;
mod listing;
mod queues;
mod replay;

use std::path::Path;

pub use command::DlqCommand;
pub use filter::Filter;
pub use letter::{Letter, Listed, Shown};
pub use listing::Listing;
pub use queues::{Place, Queues};
pub use replay::{Replayed, Skipped};

use anyhow::Context as _;

/// Runs the command and returns the text to print.
pub async fn run(command: DlqCommand, published_at: &Path) -> anyhow::Result<String> {
    let (place, json) = command.place(published_at);
    let queues = Queues::find(&place).await?;
    match command {
        DlqCommand::List { .. } => {
            let listing = list(&queues).await?;
            said(json, &listing, Listing::text)
        }
        DlqCommand::Show {
            message_id,
            payload,
            ..
        } => {
            let shown = show(&queues, &message_id, payload).await?;
            said(json, &shown, Shown::text)
        }
        DlqCommand::Replay { filter, .. } => {
            let replayed = replay(&queues, &filter.into()).await?;
            said(json, &replayed, Replayed::text)
        }
    }
}

/// Lists all messages, the oldest first.
pub async fn list(queues: &Queues) -> anyhow::Result<Listing> {
    hand::in_hand(queues, async |hand| {
        hand.take_all().await?;
        Ok(Listing::of(&hand.letters()))
    })
    .await
}

/// Shows one message; `with_payload` includes what the client would receive.
pub async fn show(queues: &Queues, message_id: &str, with_payload: bool) -> anyhow::Result<Shown> {
    hand::in_hand(queues, async |hand| {
        hand.take_all().await?;
        let letters = hand.letters();
        let letter = letters
            .iter()
            .find(|letter| letter.message_id == message_id);
        let letter = letter.with_context(|| {
            format!(
                "message {message_id} not found among the visible messages of the dead-letter queue"
            )
        })?;
        Ok(letter.shown(with_payload))
    })
    .await
}

/// Sends the messages that match the filter to the delivery queue again, the oldest first.
pub async fn replay(queues: &Queues, filter: &Filter) -> anyhow::Result<Replayed> {
    let deliveries = queues.deliveries_url()?;
    hand::in_hand(queues, async |hand| {
        replay::replay(hand, deliveries, filter).await
    })
    .await
}

fn said<T: serde::Serialize>(
    json: bool,
    answer: &T,
    text: impl FnOnce(&T) -> String,
) -> anyhow::Result<String> {
    if json {
        Ok(serde_json::to_string(answer)?)
    } else {
        Ok(text(answer))
    }
}
