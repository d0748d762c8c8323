//! What the flows that configure endpoints need, and what several of them do.

use secrecy::SecretString;

use crate::destinations::client_webhook::signature::secret_of;
use crate::domain::audit::{Action, AuditSubject, Change};
use crate::domain::client::Caller;
use crate::domain::endpoint::WebhookEndpoint;
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

/// How often a change is tried when other writers are faster.
pub(crate) const MOST_TRIES: usize = 5;

/// What configuring endpoints needs.
#[derive(Debug)]
pub struct EndpointDependencies {
    /// The endpoints.
    pub endpoints: Endpoints,
    /// What is raised by each change of them.
    pub versions: ConfigurationVersions,
    /// Whether they are failing or suspended.
    pub healths: EndpointHealths,
    /// What waits for them and is tried again.
    pub undelivered: UndeliveredIndex,
    /// What waits for those that are suspended.
    pub parked: ParkedDeliveries,
    /// Who changed what.
    pub audit: AuditLog,
    /// The way out: for what may be saved, and for tests.
    pub outbound: Outbound,
}

/// The client's endpoint, as its caller expects it.
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

/// A change of an endpoint.
pub(crate) fn change(id: &EndpointId, action: Action, fields: &[&str]) -> Change {
    Change {
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..Change::of(AuditSubject::WebhookEndpoint, id.to_string(), action)
    }
}

/// A new secret of a scheme.
pub(crate) fn new_secret(scheme: SignatureScheme) -> Result<SecretString, FlowFailure> {
    Ok(secret_of(scheme, random::secret_bytes()?))
}
