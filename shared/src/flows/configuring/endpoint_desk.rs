//! The dependencies and shared steps of the flows that configure endpoints.

use secrecy::SecretString;

use crate::destinations::client_webhook::signature::secret_of;
use crate::domain::audit::{Action, AuditSubject, Change};
use crate::domain::client::Caller;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::endpoint_limits::EndpointLimits;
use crate::domain::signing::SignatureScheme;
use crate::domain::text::EndpointId;
use crate::domain::version::{Precondition, Versioned};
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::random;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::delivering::health::EndpointHealths;
use crate::store::delivering::parked::ParkedDeliveries;
use crate::store::delivering::undelivered::UndeliveredIndex;

/// The maximum number of attempts for a change while other writers are faster.
pub(crate) const MOST_TRIES: usize = 12;

/// The dependencies of configuring endpoints.
#[derive(Debug)]
pub struct EndpointDependencies {
    /// The endpoints.
    pub endpoints: Endpoints,
    /// How many a client may have.
    pub limits: EndpointLimits,
    /// The versions of clients' configurations; every change of an endpoint raises one.
    pub versions: ConfigurationVersions,
    /// The health of endpoints.
    pub healths: EndpointHealths,
    /// Their failing deliveries.
    pub undelivered: UndeliveredIndex,
    /// Their parked deliveries.
    pub parked: ParkedDeliveries,
    /// The audit log.
    pub audit: AuditLog,
    /// The transport, for checking URLs and for tests.
    pub outbound: Outbound,
}

/// The client's endpoint, if it has the version that the caller expects.
pub(crate) async fn expected(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    let present = dependencies.endpoints.read(&caller.client_id, id).await?;
    let present = present.ok_or(FlowFailure::NotFound("endpoint not found"))?;
    if precondition.holds(Some(&present.version)) {
        Ok(present)
    } else {
        Err(FlowFailure::Stale)
    }
}

/// The audit entry of a change to an endpoint.
pub(crate) fn change(id: &EndpointId, action: Action, fields: &[&str]) -> Change {
    Change {
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Change::of(AuditSubject::WebhookEndpoint, id.to_string(), action)
    }
}

/// Generates a secret for a scheme.
pub(crate) fn new_secret(scheme: SignatureScheme) -> Result<SecretString, FlowFailure> {
    Ok(secret_of(scheme, random::secret_bytes()?))
}
