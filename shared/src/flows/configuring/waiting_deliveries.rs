//! How many deliveries wait for an endpoint: the one place where they are counted.

use futures::{StreamExt, stream};

use crate::domain::endpoint_key::EndpointKey;
use crate::domain::text::{ClientId, EndpointId};
use crate::flows::configuring::endpoint_desk::EndpointDependencies;
use crate::flows::failure::{FlowFailure, InUse};
use crate::store::delivering::parked::EndpointLane;
use crate::store::delivering::undelivered::Waiting;
use crate::store::failure::StoreFailure;

/// How many are counted of those that are tried again: who reads more than that learns nothing new.
const MOST_PENDING: u64 = 10_000;
/// So many lanes are counted side by side.
const LANES_AT_ONCE: usize = 16;

/// What waits for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingDeliveries {
    /// How many have failed at least once and are tried again. What has not been tried yet is not counted.
    pub pending: u64,
    /// How many are parked until it takes something again.
    pub parked: u64,
}

impl WaitingDeliveries {
    /// Refuses to go on if there are any.
    pub fn refuse_any(self) -> Result<(), FlowFailure> {
        match self.pending + self.parked {
            0 => Ok(()),
            count => Err(FlowFailure::InUse(InUse {
                count,
                by: if count == 1 {
                    "delivery is waiting for the endpoint"
                } else {
                    "deliveries are waiting for the endpoint"
                },
                is_more: self.pending >= MOST_PENDING,
            })),
        }
    }
}

/// Counts what waits for an endpoint.
pub async fn waiting_deliveries(
    dependencies: &EndpointDependencies,
    client_id: &ClientId,
    endpoint_id: &EndpointId,
) -> Result<WaitingDeliveries, StoreFailure> {
    let index = &dependencies.undelivered;
    let pending = index.count(client_id, endpoint_id, Waiting::Pending, MOST_PENDING);
    let endpoint = EndpointKey {
        client_id: client_id.clone(),
        endpoint_id: endpoint_id.clone(),
    };
    Ok(WaitingDeliveries {
        pending: pending.await?,
        parked: parked(dependencies, endpoint).await?,
    })
}

/// Counts what is parked, which there is only while an endpoint is suspended.
async fn parked(
    dependencies: &EndpointDependencies,
    endpoint: EndpointKey,
) -> Result<u64, StoreFailure> {
    let health = dependencies.healths.read(&endpoint).await?;
    let lanes = health.suspension.map_or(0, |suspension| suspension.lanes);
    let counts: Vec<_> = stream::iter(0..lanes)
        .map(|lane| parked_in(dependencies, &endpoint, lane))
        .buffer_unordered(LANES_AT_ONCE)
        .collect()
        .await;
    counts.into_iter().sum()
}

async fn parked_in(
    dependencies: &EndpointDependencies,
    endpoint: &EndpointKey,
    lane: u16,
) -> Result<u64, StoreFailure> {
    let lane = EndpointLane {
        endpoint: endpoint.clone(),
        lane,
    };
    Ok(dependencies.parked.count(&lane).await? as u64)
}
