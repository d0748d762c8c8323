//! Counts the live shipments of an account: booked, or possibly booked, and not completed. Shipments that were booked
//! elsewhere and are known only from notifications are not counted.

use futures::{StreamExt, stream};

use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::failure::{FlowFailure, InUse};
use crate::flows::notifying::track_shipment::is_over;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::messaging::history::History;

/// Number of an account's newest shipments that are read.
const MOST: i32 = 200;
/// Number of shipments that are read in parallel.
const AT_ONCE: usize = 16;

/// The live shipments of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveShipments {
    /// The number of live shipments among those that were read.
    pub count: u64,
    /// Whether there are older ones that were not read.
    pub is_more: bool,
}

impl LiveShipments {
    /// Fails if there are any.
    pub fn refuse_any(self) -> Result<(), FlowFailure> {
        match self.count {
            0 => Ok(()),
            count => Err(FlowFailure::InUse(InUse {
                count,
                by: if count == 1 {
                    "shipment of the account is live"
                } else {
                    "shipments of the account are live"
                },
                is_more: self.is_more,
            })),
        }
    }
}

/// Counts the live shipments among the newest of an account.
pub async fn live_shipments(
    shipments: &Shipments,
    history: &History,
    client: &ClientId,
    alias: &AccountAlias,
) -> Result<LiveShipments, StoreFailure> {
    let page = shipments.open(client, alias, MOST).await?;
    let is_more = page.is_cut;
    let live: Vec<Result<u64, StoreFailure>> = stream::iter(page.shipments)
        .map(|id| live(shipments, history, id))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let count = live.into_iter().sum::<Result<u64, StoreFailure>>()?;
    Ok(LiveShipments { count, is_more })
}

async fn live(
    shipments: &Shipments,
    history: &History,
    id: ShipmentId,
) -> Result<u64, StoreFailure> {
    Ok(u64::from(!is_over(shipments, history, &id).await?))
}
