//! Single changes of a webhook endpoint: another secret, on again, away.

use jiff::Timestamp;

use crate::delivery::signature::scheme_of;
use crate::domain::audit::{Action, Change, Subject};
use crate::domain::client::Caller;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::health::{Stage, Suspension};
use crate::domain::text::EndpointId;
use crate::domain::version::{Precondition, Versioned};
use crate::flows::failure::FlowFailure;
use crate::flows::save_endpoint::{EndpointDesk, MOST_TRIES, new_secret};
use crate::flows::waiting_deliveries::waiting_deliveries;
use crate::store::health::EndpointKey;

/// The client's endpoint, as its caller expects it.
async fn expected(
    desk: &EndpointDesk,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    let present = desk.endpoints.read(&caller.client_id, id).await?;
    let present = present.ok_or(FlowFailure::NotFound("there is no such endpoint"))?;
    if precondition.holds(Some(&present.version)) {
        Ok(present)
    } else {
        Err(FlowFailure::Stale)
    }
}

fn change(id: &EndpointId, action: Action, fields: &[&str]) -> Change {
    Change {
        subject: Subject::WebhookEndpoint,
        id: id.to_string(),
        action,
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
    }
}

/// Gives an endpoint a new signing secret of the same scheme. The one before signs beside it for a day.
pub async fn rotate_secret(
    desk: &EndpointDesk,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    for _ in 0..MOST_TRIES {
        let present = expected(desk, caller, id, precondition).await?;
        let secrets = &present.value.signing_secrets;
        let scheme = secrets.newest().map(scheme_of).unwrap_or_default();
        let rotated = WebhookEndpoint {
            signing_secrets: secrets.rotated(new_secret(scheme)?, now),
            ..present.value.clone()
        };
        let change = change(id, Action::SecretRotated, &["signingSecret"]);
        let recorded = desk.audit.record(caller, change, now)?;
        let seen = Some(&present.version);
        if let Some(version) = desk.endpoints.save(&rotated, seen, vec![recorded]).await? {
            return Ok(Versioned {
                value: rotated,
                version,
            });
        }
    }
    Err(FlowFailure::Contended)
}

/// Switches an endpoint on again and lifts its suspension: what is parked is delivered. One that is active stays as it is.
pub async fn resume_endpoint(
    desk: &EndpointDesk,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    let resumed = switch_on(desk, caller, id, precondition, now).await?;
    lift_suspension(desk, caller, id, now).await?;
    Ok(resumed)
}

async fn switch_on(
    desk: &EndpointDesk,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<Versioned<WebhookEndpoint>, FlowFailure> {
    for _ in 0..MOST_TRIES {
        let present = expected(desk, caller, id, precondition).await?;
        if present.value.enabled {
            return Ok(present);
        }
        let resumed = WebhookEndpoint {
            enabled: true,
            disabled: None,
            ..present.value.clone()
        };
        let change = change(id, Action::Resumed, &["enabled"]);
        let recorded = desk.audit.record(caller, change, now)?;
        let seen = Some(&present.version);
        if let Some(version) = desk.endpoints.save(&resumed, seen, vec![recorded]).await? {
            return Ok(Versioned {
                value: resumed,
                version,
            });
        }
    }
    Err(FlowFailure::Contended)
}

/// Has the backlog of a suspended endpoint drained without a probe. It is recorded before it is done: a record of what
/// then somebody else did is better than none.
async fn lift_suspension(
    desk: &EndpointDesk,
    caller: &Caller,
    id: &EndpointId,
    now: Timestamp,
) -> Result<(), FlowFailure> {
    let endpoint = EndpointKey {
        client_id: caller.client_id.clone(),
        endpoint_id: id.clone(),
    };
    for _ in 0..MOST_TRIES {
        let health = desk.healths.read(&endpoint).await?;
        let is_suspended = |suspension: &Suspension| suspension.stage == Stage::Suspended;
        let Some(suspension) = health.suspension.filter(is_suspended) else {
            return Ok(());
        };
        let change = change(id, Action::Resumed, &["health"]);
        desk.audit.write(caller, change, now).await?;
        let draining = suspension.draining();
        if desk
            .healths
            .lift(&endpoint, health.version, &draining)
            .await?
        {
            return Ok(());
        }
    }
    Err(FlowFailure::Contended)
}

/// Removes an endpoint. One that deliveries wait for is removed by `force` alone: they are then given up.
pub async fn remove_endpoint(
    desk: &EndpointDesk,
    caller: &Caller,
    id: &EndpointId,
    precondition: &Precondition,
    force: bool,
    now: Timestamp,
) -> Result<(), FlowFailure> {
    let client = &caller.client_id;
    for _ in 0..MOST_TRIES {
        let present = expected(desk, caller, id, precondition).await?;
        if !force {
            waiting_deliveries(desk, client, id).await?.refuse_any()?;
        }
        let change = change(id, Action::Deleted, &[]);
        let recorded = desk.audit.record(caller, change, now)?;
        let seen = &present.version;
        if desk
            .endpoints
            .remove(client, id, seen, vec![recorded])
            .await?
        {
            return Ok(());
        }
    }
    Err(FlowFailure::Contended)
}
