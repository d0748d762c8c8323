//! Finds the document that an attempt without a clear answer created.

use crate::domain::selling::document::{ChannelDocumentId, NewDocument, same_tracks};
use crate::domain::selling::write_claim::SentWrite;
use crate::flows::channelling::change_order::ChannelOrderDesk;
use crate::flows::channelling::change_order::documents::{Listed, rows};
use crate::flows::channelling::change_order::failure::ChangeFailure;
use crate::flows::failure::FlowFailure;

/// The document that an attempt created: one that the channel did not have before it, with the same rows and tracking numbers, that
/// belongs to no other request. `None` if there is none.
pub(super) async fn find(
    order: ChannelOrderDesk<'_>,
    document: &NewDocument,
    sent: &SentWrite,
) -> Result<Option<ChannelDocumentId>, ChangeFailure> {
    let fulfilment = order.read().await?;
    let listed = Listed::read(order, document.list()).await?;
    let rows = rows(document, fulfilment, &listed);
    let contents = listed.contents();
    let mut candidates = contents.into_iter().filter(|(id, content)| {
        !sent.known.contains(id)
            && rows.are_exactly(&sent.items, *content)
            && same_tracks(document.tracks(), content.tracks)
    });
    let Some(first) = candidates.next() else {
        return Ok(None);
    };
    let claims = &order.dependencies.claims;
    let taken = claims.taken(&order.key(), document.list()).await;
    let taken = taken.map_err(FlowFailure::from)?;
    let mut all = std::iter::once(first).chain(candidates);
    let found = all.find(|(id, _)| !taken.contains(id));
    Ok(found.map(|(id, _)| id.clone()))
}
