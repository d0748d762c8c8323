//! Creates or changes a webhook endpoint.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use crate::destinations::client_webhook::signature::scheme_of;
use crate::domain::audit::AuditSubject;
use crate::domain::client::Caller;
use crate::domain::draft::Draft;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::endpoint_request::{EndpointRequest, NewSecret};
use crate::domain::signing::SignatureScheme;
use crate::domain::text::{ClientId, EndpointId};
use crate::domain::version::{Precondition, Version, Versioned};
use crate::flows::configuring::endpoint_desk::{EndpointDependencies, MOST_TRIES, new_secret};
use crate::flows::failure::FlowFailure;
use crate::store::transaction::Part;

/// The error text for a shared secret of an endpoint that signs with a private key.
const OF_V1: &str =
    "is a secret for v1, but the endpoint signs with v1a: give signatureScheme v1 with it";
/// The longest wait for another writer.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// A saved endpoint.
#[derive(Debug)]
pub struct SavedEndpoint {
    /// The endpoint and its version.
    pub endpoint: Versioned<WebhookEndpoint>,
    /// Whether this request created it.
    pub made: bool,
    /// Whether this request made RMS generate its current signing secret, which is then shown once.
    pub has_new_secret: bool,
}

/// Creates or changes an endpoint. A request without changes writes nothing.
pub async fn save_endpoint(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    request: &EndpointRequest,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<SavedEndpoint, FlowFailure> {
    vet(dependencies, request).await?;
    for _ in 0..MOST_TRIES {
        let present = dependencies.endpoints.read(&caller.client_id, id).await?;
        if !precondition.holds(present.as_ref().map(|present| &present.version)) {
            return Err(FlowFailure::Stale);
        }
        let (draft, has_new_secret) = match &present {
            None => {
                let is_generated = request.signing_secret.is_none();
                (made(&caller.client_id, id, request)?, is_generated)
            }
            Some(present) => changed(&present.value, request, now)?,
        };
        let written = write(dependencies, caller, present, draft, now).await?;
        if let Some((endpoint, made)) = written {
            return Ok(SavedEndpoint {
                endpoint,
                made,
                has_new_secret,
            });
        }
        // Requests that make endpoints of one client wait for each other: see `with_room`.
        sleep(LONGEST_WAIT.mul_f64(fastrand::f64())).await;
    }
    Err(FlowFailure::Contended)
}

async fn vet(
    dependencies: &EndpointDependencies,
    request: &EndpointRequest,
) -> Result<(), FlowFailure> {
    let vetted = dependencies.outbound.vet(&request.url).await;
    vetted.map_err(|unfit| FlowFailure::of_field("/url", unfit.to_string()))
}

/// Writes a draft and its audit entry, and returns whether the endpoint is new; `None` if another writer was faster.
async fn write(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    present: Option<Versioned<WebhookEndpoint>>,
    draft: Draft<WebhookEndpoint>,
    now: Timestamp,
) -> Result<Option<(Versioned<WebhookEndpoint>, bool)>, FlowFailure> {
    let made = present.is_none();
    let id = draft.value.id.to_string();
    let change = draft.change(AuditSubject::WebhookEndpoint, id, made);
    let seen = match present {
        Some(present) if draft.fields.is_empty() => return Ok(Some((present, false))),
        present => present.map(|present| present.version),
    };
    let raised = if made {
        with_room(dependencies, &draft.value).await?
    } else {
        dependencies.versions.raised(&caller.client_id)?
    };
    let others = vec![dependencies.audit.record(caller, change, now)?, raised];
    let endpoints = &dependencies.endpoints;
    let written = endpoints.save(&draft.value, seen.as_ref(), others).await?;
    Ok(written.map(|version: Version| {
        let value = draft.value;
        (Versioned { value, version }, made)
    }))
}

/// The new version of the configuration with a new endpoint, if the client may have one more. It is based on the version
/// for which that was found, so two requests cannot take the same room.
async fn with_room(
    dependencies: &EndpointDependencies,
    endpoint: &WebhookEndpoint,
) -> Result<Part, FlowFailure> {
    let EndpointDependencies {
        endpoints,
        versions,
        limits,
        ..
    } = dependencies;
    let (lanes, seen) = endpoints.lanes(&endpoint.client_id, versions).await?;
    limits.check(&lanes, endpoint.lanes)?;
    Ok(versions.raised_from(&endpoint.client_id, &seen)?)
}

fn made(
    client_id: &ClientId,
    id: &EndpointId,
    request: &EndpointRequest,
) -> Result<Draft<WebhookEndpoint>, FlowFailure> {
    let secret = match &request.signing_secret {
        Some(own) => own.clone(),
        None => new_secret(request.signature_scheme.unwrap_or_default())?,
    };
    Ok(request.made(client_id, id, secret)?)
}

/// Applies a request to an existing endpoint; returns the result and whether it has a new secret that RMS generated.
fn changed(
    present: &WebhookEndpoint,
    request: &EndpointRequest,
    now: Timestamp,
) -> Result<(Draft<WebhookEndpoint>, bool), FlowFailure> {
    let newest = present.signing_secrets.newest();
    let scheme = newest.map(scheme_of);
    if request.signing_secret.is_some()
        && request.signature_scheme.or(scheme) != Some(SignatureScheme::V1)
    {
        return Err(FlowFailure::of_field("/signingSecret", OF_V1.to_owned()));
    }
    let own = request.other_secret(newest).cloned();
    let generated = match &request.signing_secret {
        Some(_) => None,
        None => request.other_scheme(scheme).map(new_secret).transpose()?,
    };
    let has_new_secret = generated.is_some();
    let secret = own
        .map(NewSecret::Given)
        .or(generated.map(NewSecret::OfScheme));
    Ok((request.changed(present, secret, now)?, has_new_secret))
}
