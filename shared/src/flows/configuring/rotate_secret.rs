//! Replaces the signing secret of a webhook endpoint.

use jiff::Timestamp;

use crate::destinations::client_webhook::signature::scheme_of;
use crate::domain::audit::Action;
use crate::domain::client::Caller;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::text::EndpointId;
use crate::domain::version::{Precondition, Versioned};
use crate::flows::configuring::endpoint_desk::{
    EndpointDependencies, MOST_TRIES, change, expected, new_secret,
};
use crate::flows::failure::FlowFailure;

/// Gives an endpoint a new signing secret of the same scheme. The previous secret also signs for one more day.
pub async fn rotate_secret(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    for _ in 0..MOST_TRIES {
        let present = expected(dependencies, caller, id, precondition).await?;
        let secrets = &present.value.signing_secrets;
        let scheme = secrets.newest().map(scheme_of).unwrap_or_default();
        let rotated = WebhookEndpoint {
            signing_secrets: secrets.rotated(new_secret(scheme)?, now),
            ..present.value.clone()
        };
        let change = change(id, Action::SecretRotated, &["signingSecret"]);
        let others = vec![
            dependencies.audit.record(caller, change, now)?,
            dependencies.versions.raised(&caller.client_id)?,
        ];
        let seen = Some(&present.version);
        if let Some(version) = dependencies.endpoints.save(&rotated, seen, others).await? {
            return Ok(Versioned {
                value: rotated,
                version,
            });
        }
    }
    Err(FlowFailure::Contended)
}
