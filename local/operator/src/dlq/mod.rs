//! `dlq`: lists the dead-letter queues, and replays their messages to the queues from which they came or drops them, in the
//! running local stack or in AWS.
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
mod drop;
mod filter;
mod hand;
mod letter;
mod listing;
mod queues;
mod replay;

use std::path::Path;

pub use command::DlqCommand;
pub use drop::Dropped;
pub use filter::Filter;
pub use letter::{Letter, Listed, Shown};
pub use listing::Listing;
pub(crate) use queues::find_queue;
pub use queues::{Place, Queues, Source};
pub use replay::{Replayed, Skipped};

/// Runs the command: the text to print, and whether it did all that it was to do. A replay that skipped a message did not.
pub async fn run(command: DlqCommand, published_at: &Path) -> anyhow::Result<(String, bool)> {
    let (place, sources, json) = command.place(published_at);
    let queues = Queues::find(&place, &sources).await?;
    let text = match command {
        DlqCommand::List { .. } => said(json, &list(&queues).await?, Listing::text),
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
            let text = said(json, &replayed, Replayed::text)?;
            return Ok((text, replayed.skipped.is_empty()));
        }
        DlqCommand::Drop { message_ids, .. } => {
            let dropped = drop_messages(&queues, &message_ids).await?;
            let is_known = !dropped.dropped.is_empty();
            anyhow::ensure!(is_known, "no such message: {}", message_ids.join(", "));
            said(json, &dropped, Dropped::text)
        }
    };
    Ok((text?, true))
}

/// Lists all messages, the oldest first.
pub async fn list(queues: &[Queues]) -> anyhow::Result<Listing> {
    let mut listing = Listing::default();
    for queues in queues {
        hand::in_hand(queues, async |hand| {
            hand.take_all().await?;
            listing.add(queues.source, &hand.letters());
            Ok(())
        })
        .await?;
    }
    Ok(listing)
}

/// Shows one message; `with_payload` includes what the client would receive.
pub async fn show(
    queues: &[Queues],
    message_id: &str,
    with_payload: bool,
) -> anyhow::Result<Shown> {
    for queues in queues {
        let found = hand::in_hand(queues, async |hand| {
            hand.take_all().await?;
            let letters = hand.letters();
            let letter = letters.iter().find(|letter| letter.has_id(message_id));
            Ok(letter.map(|letter| letter.shown(queues.source, with_payload)))
        });
        if let Some(shown) = found.await? {
            return Ok(shown);
        }
    }
    anyhow::bail!(
        "message {message_id} not found among the visible messages of the dead-letter queues"
    )
}

/// Sends the messages that match the filter to the queue from which they came again, the oldest first.
pub async fn replay(queues: &[Queues], filter: &Filter) -> anyhow::Result<Replayed> {
    let mut replayed = Replayed::default();
    for queues in queues {
        let one = hand::in_hand(queues, async |hand| replay::replay(hand, filter).await);
        replayed.add(one.await?);
    }
    Ok(replayed)
}

/// Deletes the messages with these ids.
pub async fn drop_messages(queues: &[Queues], ids: &[String]) -> anyhow::Result<Dropped> {
    let mut dropped = Dropped::default();
    for queues in queues {
        let one = hand::in_hand(queues, async |hand| drop::drop_letters(hand, ids).await);
        dropped.dropped.extend(one.await?);
    }
    let is_missing = |id: &&String| !dropped.dropped.contains(id);
    dropped.not_found = ids.iter().filter(is_missing).cloned().collect();
    Ok(dropped)
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
