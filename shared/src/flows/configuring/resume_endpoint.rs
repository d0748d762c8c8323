//! Enables a webhook endpoint again and ends its suspension.

use jiff::Timestamp;

use crate::domain::audit::Action;
use crate::domain::client::Caller;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::{Stage, Suspension};
use crate::domain::text::EndpointId;
use crate::domain::version::{Precondition, Versioned};
use crate::flows::configuring::endpoint_desk::{
    EndpointDependencies, MOST_TRIES, change, expected,
};
use crate::flows::failure::FlowFailure;

/// Enables an endpoint and ends its suspension: parked deliveries are delivered. An active endpoint does not change.
pub async fn resume_endpoint(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    let resumed = switch_on(dependencies, caller, id, precondition, now).await?;
    lift_suspension(dependencies, caller, id, now).await?;
    Ok(resumed)
}

async fn switch_on(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    for _ in 0..MOST_TRIES {
        let present = expected(dependencies, caller, id, precondition).await?;
        if present.value.enabled {
            return Ok(present);
        }
        let resumed = present.value.switched_on();
        let change = change(id, Action::Resumed, &["enabled"]);
        let others = vec![
            dependencies.audit.record(caller, change, now)?,
            dependencies.versions.raised(&caller.client_id)?,
        ];
        let seen = Some(&present.version);
        if let Some(version) = dependencies.endpoints.save(&resumed, seen, others).await? {
            return Ok(Versioned {
                value: resumed,
                version,
            });
        }
    }
    Err(FlowFailure::Contended)
}

/// Starts draining the backlog of a suspended endpoint without a probe.
async fn lift_suspension(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    now: Timestamp,
) -> Result<(), FlowFailure> {
    let endpoint = EndpointKey {
        client_id: caller.client_id.clone(),
        endpoint_id: id.clone(),
    };
    for _ in 0..MOST_TRIES {
        let health = dependencies.healths.read(&endpoint).await?;
        let is_suspended = |suspension: &Suspension| suspension.stage == Stage::Suspended;
        let Some(suspension) = health.suspension.filter(is_suspended) else {
            return Ok(());
        };
        let change = change(id, Action::Resumed, &["health"]);
        let others = vec![dependencies.audit.record(caller, change, now)?];
        let draining = Suspension {
            held_until: None,
            ..suspension.draining()
        };
        let lifted = dependencies
            .healths
            .lift(&endpoint, health.version, &draining, others);
        if lifted.await? {
            return Ok(());
        }
    }
    Err(FlowFailure::Contended)
}
