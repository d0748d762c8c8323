//! How many deliveries wait for an endpoint: the one place where they are counted.

use crate::domain::text::{ClientId, EndpointId};
use crate::flows::failure::{FlowFailure, InUse};
use crate::flows::save_endpoint::EndpointDesk;
use crate::store::failure::StoreFailure;
use crate::store::undelivered::Waiting;

/// How many are counted: who reads more than that learns nothing new.
const MOST: u64 = 10_000;

/// What waits for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingDeliveries {
    /// How many have failed at least once and are tried again. What has not been tried yet is not counted.
    pub pending: u64,
}

impl WaitingDeliveries {
    /// Refuses to go on if there are any.
    pub fn refuse_any(self) -> Result<(), FlowFailure> {
        match self.pending {
            0 => Ok(()),
            count => Err(FlowFailure::InUse(InUse {
                count,
                by: if count == 1 {
                    "delivery waits for the endpoint"
                } else {
                    "deliveries wait for the endpoint"
                },
                is_more: count >= MOST,
            })),
        }
    }
}

/// Counts what waits for an endpoint.
pub async fn waiting_deliveries(
    desk: &EndpointDesk,
    client: &ClientId,
    endpoint: &EndpointId,
) -> Result<WaitingDeliveries, StoreFailure> {
    let index = &desk.undelivered;
    let pending = index
        .count(client, endpoint, Waiting::Pending, MOST)
        .await?;
    Ok(WaitingDeliveries { pending })
}
