//! What the flows that deliver need in common.

use crate::delivery::successes::Successes;
use crate::outbound::client::Outbound;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::delivering::deliveries::Deliveries;
use crate::store::delivering::health::EndpointHealths;
use crate::store::messaging::messages::Messages;

/// What attempting takes.
#[derive(Debug)]
pub struct AttemptDependencies {
    /// The endpoints.
    pub endpoints: Endpoints,
    /// What is raised when one of them is switched off.
    pub versions: ConfigurationVersions,
    /// Their health.
    pub healths: EndpointHealths,
    /// The messages, for bodies that are not at hand.
    pub messages: Messages,
    /// The records of deliveries.
    pub deliveries: Deliveries,
    /// The way out.
    pub outbound: Outbound,
    /// How long records are kept, in days; 0 keeps them for ever.
    pub ttl_days: u32,
    /// What this instance knows of endpoints that take something.
    pub successes: Successes,
}
