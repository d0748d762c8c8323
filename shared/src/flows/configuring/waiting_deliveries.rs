//! Counts the deliveries that wait for an endpoint.

use futures::{StreamExt, stream};

use crate::domain::endpoint_key::EndpointKey;
use crate::domain::text::{ClientId, EndpointId};
use crate::flows::configuring::endpoint_desk::EndpointDependencies;
use crate::flows::failure::{FlowFailure, InUse};
use crate::store::delivering::parked::EndpointLane;
use crate::store::delivering::undelivered::Waiting;
use crate::store::failure::StoreFailure;

/// The maximum count of deliveries that are being retried: a higher number would not tell the reader more.
const MOST_PENDING: u64 = 10_000;
/// Maximum lanes counted concurrently.
const LANES_AT_ONCE: usize = 16;

/// The deliveries that wait for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingDeliveries {
    /// The number that failed at least once and are being retried. Deliveries without an attempt are not counted.
    pub pending: u64,
    /// The number that are parked until the endpoint recovers.
    pub parked: u64,
}

impl WaitingDeliveries {
    /// Fails if there are any.
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

/// Counts the deliveries that wait for an endpoint.
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

/// Counts parked deliveries, which exist only while an endpoint is suspended.
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
