//! `cargo local dlq`: what lies in the dead-letter queue, and back with it into the delivery queue. Against the running
//! local stack, or against AWS.
//!
//! - A message is deleted only after its copy was sent. A copy that is sent twice is dropped by the queue, or found
//!   delivered by the function: it reads the record of whatever was replayed before it attempts anything.
//! - To look at a message is to receive it, which hides it. So everything that was received and not deleted is handed
//!   back at the end, after an error and after Ctrl-C too.
//! - A queue shows of a message group only the first messages. Ours are in groups of their own and hide nothing; what
//!   SQS itself moved, after a thousand receives, or somebody else sent, may.
//!
//! A listing has ids and times alone. A payload is shown only to who asks for it.

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

/// Does what the command says and answers what to print.
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

/// All messages, the oldest first.
pub async fn list(queues: &Queues) -> anyhow::Result<Listing> {
    hand::in_hand(queues, async |hand| {
        hand.take_all().await?;
        Ok(Listing::of(&hand.letters()))
    })
    .await
}

/// One message; `with_payload` with what the client would get.
pub async fn show(queues: &Queues, message_id: &str, with_payload: bool) -> anyhow::Result<Shown> {
    hand::in_hand(queues, async |hand| {
        hand.take_all().await?;
        let letters = hand.letters();
        let letter = letters
            .iter()
            .find(|letter| letter.message_id == message_id);
        let letter = letter.with_context(|| {
            format!("no message {message_id} is visible in the dead-letter queue")
        })?;
        Ok(letter.shown(with_payload))
    })
    .await
}

/// Sends what the filter lets through to the delivery queue again, the oldest first.
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
