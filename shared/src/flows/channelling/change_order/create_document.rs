//! Creates an invoice, a shipment or a handover of an order, once.

use futures::FutureExt as _;

use crate::clock;
use crate::contract::fields::Violation;
use crate::domain::selling::document::{ChannelDocumentId, NewDocument, RequestKey};
use crate::domain::selling::open_rows::Misplaced;
use crate::domain::selling::write_claim::SentWrite;
use crate::flows::channelling::change_order::ChannelOrderDesk;
use crate::flows::channelling::change_order::claim_change::{Asked, ChangeTurn, claim};
use crate::flows::channelling::change_order::documents::{Listed, action, digest, rows, send};
use crate::flows::channelling::change_order::failure::ChangeFailure;
use crate::flows::channelling::change_order::find_document::find;
use crate::flows::channelling::change_order::held_change::HeldChange;
use crate::flows::channelling::change_order::until_settled::until_settled;
use crate::flows::failure::FlowFailure;
use crate::partners::failure::PartnerFailure;

/// A document that the channel has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedDocument {
    /// The answer, in JSON.
    pub answer: String,
    /// Whether an earlier request created it.
    pub replayed: bool,
}

/// A document with what is known about its origin.
struct Found {
    id: ChannelDocumentId,
    /// Whether an earlier request created it.
    earlier: bool,
}

/// Creates a document, unless the same request did before.
pub async fn create_document(
    order: ChannelOrderDesk<'_>,
    document: &NewDocument,
    key: Option<&RequestKey>,
) -> Result<CreatedDocument, FlowFailure> {
    let asked = Asked {
        action: action(document),
        key,
        content: &digest(document),
    };
    let mut held = match claim(order, asked).await? {
        ChangeTurn::Work(held) => *held,
        ChangeTurn::Replay(answer) => {
            return Ok(CreatedDocument {
                answer,
                replayed: true,
            });
        }
    };
    match create(&mut held, document).await {
        Ok(created) => {
            held.finishes(&created.answer).await?;
            Ok(created)
        }
        Err(failure) => Err(held.fails(failure).await),
    }
}

async fn create(
    held: &mut HeldChange<'_>,
    document: &NewDocument,
) -> Result<CreatedDocument, ChangeFailure> {
    let found = match find_earlier(held, document).await? {
        Some(id) => Found { id, earlier: true },
        None => send_new(held, document).await?,
    };
    held.creates(&found.id).await?;
    let order = held.order;
    let listed = Listed::read(order, document.list()).await?;
    let read = order.read().await?;
    let answer = listed.answer(document, &found.id, &read);
    Ok(CreatedDocument {
        answer: answer.ok_or(PartnerFailure::Unreadable)?,
        replayed: found.earlier,
    })
}

/// The document that an earlier attempt of the same request created.
async fn find_earlier(
    held: &mut HeldChange<'_>,
    document: &NewDocument,
) -> Result<Option<ChannelDocumentId>, ChangeFailure> {
    let Some(earlier) = held.earlier() else {
        return Ok(None);
    };
    if let Some(made) = held.made_earlier() {
        return Ok(Some(made.clone()));
    }
    let order = held.order;
    let look = || find(order, document, earlier).boxed();
    let found = until_settled(order, earlier.at, look).await?;
    if found.is_none() {
        held.is_settled();
    }
    Ok(found)
}

/// Sends the document, after it is known what the channel has.
async fn send_new(
    held: &mut HeldChange<'_>,
    document: &NewDocument,
) -> Result<Found, ChangeFailure> {
    let order = held.order;
    let fulfilment = order.read().await?;
    let listed = Listed::read(order, document.list()).await?;
    let rows = rows(document, fulfilment, &listed);
    let items = rows.take(document.items()).map_err(wrong_items)?;
    let known = listed.contents().into_iter().map(|(id, _)| id.clone());
    held.sends(&SentWrite {
        at: clock::now().as_millisecond(),
        known: known.collect(),
        items: items.clone(),
        cancelled_before: None,
    })
    .await?;
    let sent = send(order, document, items).await;
    let failure = match sent {
        Ok(id) => return Ok(Found { id, earlier: false }),
        Err(failure) => failure,
    };
    // The channel refuses what it has already: the earlier attempt took effect very late.
    let is_refused = matches!(failure, ChangeFailure::Channel(PartnerFailure::Refused(_)));
    if let Some(earlier) = held.earlier().filter(|_| is_refused) {
        let found = find(order, document, earlier).await?;
        if let Some(id) = found {
            return Ok(Found { id, earlier: true });
        }
    }
    Err(failure)
}

fn wrong_items(wrong: Vec<Misplaced>) -> FlowFailure {
    use crate::domain::selling::open_rows::WrongItem;
    let violation = |(place, wrong): Misplaced| {
        let pointer = match (place, &wrong) {
            (None, _) => "/items".to_owned(),
            (Some(index), WrongItem::Unknown) => format!("/items/{index}/itemId"),
            (Some(index), _) => format!("/items/{index}/quantity"),
        };
        Violation {
            pointer,
            detail: wrong.to_string(),
        }
    };
    FlowFailure::Invalid(wrong.into_iter().map(violation).collect())
}
