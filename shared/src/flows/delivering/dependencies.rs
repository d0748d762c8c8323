//! The shared dependencies of delivering.

use crate::delivery::successes::Successes;
use crate::domain::operator_event::OperatorEvent;
use crate::domain::text::ClientId;
use crate::flows::messaging::tell_operator::OperatorEvents;
use crate::outbound::client::Outbound;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::delivering::deliveries::Deliveries;
use crate::store::delivering::health::EndpointHealths;
use crate::store::messaging::messages::Messages;
use crate::store::statistics::Statistics;

/// The dependencies of an attempt.
#[derive(Debug)]
pub struct AttemptDependencies {
    /// The endpoints.
    pub endpoints: Endpoints,
    /// The versions of clients' configurations; disabling an endpoint raises one.
    pub versions: ConfigurationVersions,
    /// Their health.
    pub healths: EndpointHealths,
    /// The messages, for bodies that are not in the task.
    pub messages: Messages,
    /// The records of deliveries.
    pub deliveries: Deliveries,
    /// The transport.
    pub outbound: Outbound,
    /// How long records are kept, in days; 0 keeps them forever.
    pub ttl_days: u32,
    /// The recent successes of endpoints that this instance knows.
    pub successes: Successes,
    /// Tells operators what happens to endpoints.
    pub events: OperatorEvents,
    /// The counts of what ended.
    pub statistics: Statistics,
}

impl AttemptDependencies {
    /// Tells what happened to an endpoint of the client.
    pub(in crate::flows::delivering) async fn tell(
        &self,
        client_id: &ClientId,
        event: &OperatorEvent,
    ) {
        // In the heap: it happens rarely, and must not make every attempt larger.
        Box::pin(self.events.tell(client_id, event)).await;
    }
}
