//! Which endpoint is meant.

use serde::Deserialize;

use crate::domain::text::{ClientId, EndpointId};

/// Which endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointKey {
    /// The client it belongs to.
    pub client_id: ClientId,
    /// Its name within the client.
    pub endpoint_id: EndpointId,
}
