//! The identity of an endpoint.

use serde::Deserialize;

use crate::domain::text::{ClientId, EndpointId};

/// The client and id of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointKey {
    /// The client.
    pub client_id: ClientId,
    /// The id, unique within the client.
    pub endpoint_id: EndpointId,
}
