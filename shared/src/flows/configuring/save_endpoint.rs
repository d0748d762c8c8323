//! Makes or changes a webhook endpoint as its client wants it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::contract::endpoint::EndpointRequest;
use crate::contract::fields::Violation;
use crate::destinations::client_webhook::signature::scheme_of;
use crate::domain::audit::{Action, Change, Subject};
use crate::domain::client::Caller;
use crate::domain::endpoint::{DEFAULT_LANES, WebhookEndpoint};
use crate::domain::secrets::are_same;
use crate::domain::signing::{SignatureScheme, SigningSecrets};
use crate::domain::text::{ClientId, EndpointId};
use crate::domain::version::{Precondition, Version, Versioned};
use crate::flows::configuring::endpoint_desk::{EndpointDependencies, MOST_TRIES, new_secret};
use crate::flows::failure::FlowFailure;

/// The header that Basic credentials are kept as.
const AUTHORIZATION: &str = "authorization";

/// An endpoint as it is now.
#[derive(Debug)]
pub struct SavedEndpoint {
    /// The endpoint and its version.
    pub endpoint: Versioned<WebhookEndpoint>,
    /// Whether this request made it.
    pub made: bool,
    /// Whether this request gave it the secret by which it signs now.
    pub has_new_secret: bool,
}

/// An endpoint as it is to be, and how that differs from what it is.
struct Wanted {
    endpoint: WebhookEndpoint,
    has_new_secret: bool,
    fields: Vec<String>,
}

/// Makes or changes an endpoint. A request that changes nothing writes nothing.
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
        let wanted = match &present {
            None => made(&caller.client_id, id, request)?,
            Some(present) => changed(&present.value, request, now)?,
        };
        if let Some(saved) = write(dependencies, caller, present, wanted, now).await? {
            return Ok(saved);
        }
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

/// Writes what is wanted with the record of it; `None` if somebody else was faster.
async fn write(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    present: Option<Versioned<WebhookEndpoint>>,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Option<SavedEndpoint>, FlowFailure> {
    let made = present.is_none();
    let seen = match present {
        Some(present) if wanted.fields.is_empty() => {
            return Ok(Some(SavedEndpoint {
                endpoint: present,
                made: false,
                has_new_secret: false,
            }));
        }
        present => present.map(|present| present.version),
    };
    let change = Change {
        subject: Subject::WebhookEndpoint,
        id: wanted.endpoint.id.to_string(),
        action: if made {
            Action::Created
        } else {
            Action::Changed
        },
        fields: wanted.fields,
    };
    let recorded = dependencies.audit.record(caller, change, now)?;
    let written = dependencies
        .endpoints
        .save(&wanted.endpoint, seen.as_ref(), vec![recorded])
        .await?;
    Ok(written.map(|version: Version| SavedEndpoint {
        endpoint: Versioned {
            value: wanted.endpoint,
            version,
        },
        made,
        has_new_secret: wanted.has_new_secret,
    }))
}

/// A new endpoint.
fn made(
    client_id: &ClientId,
    id: &EndpointId,
    request: &EndpointRequest,
) -> Result<Wanted, FlowFailure> {
    let scheme = request.signature_scheme.unwrap_or_default();
    let secrets = SigningSecrets::new(new_secret(scheme)?);
    let plain = WebhookEndpoint::new(client_id.clone(), id.clone(), request.url.clone(), secrets);
    let endpoint = WebhookEndpoint {
        method: request.method,
        headers: headers(&plain.headers, request)?,
        messages: request.messages.clone(),
        filter: request.filter.clone(),
        enabled: request.enabled.unwrap_or(true),
        lanes: request.lanes.unwrap_or(DEFAULT_LANES),
        give_up_after: request.give_up_after,
        ..plain.clone()
    };
    let mut fields = vec!["url".to_owned()];
    fields.extend(differences(&plain, &endpoint));
    Ok(Wanted {
        endpoint,
        has_new_secret: true,
        fields,
    })
}

/// A present endpoint as it is wanted.
fn changed(
    present: &WebhookEndpoint,
    request: &EndpointRequest,
    now: Timestamp,
) -> Result<Wanted, FlowFailure> {
    if request.lanes.is_some_and(|lanes| lanes != present.lanes) {
        let detail = format!(
            "is fixed when the endpoint is made: it has {} lanes",
            present.lanes
        );
        return Err(FlowFailure::of_field("/lanes", detail));
    }
    let enabled = request.enabled.unwrap_or(present.enabled);
    let (signing_secrets, has_new_secret) = signing_secrets(present, request, now)?;
    let endpoint = WebhookEndpoint {
        url: request.url.clone(),
        method: request.method,
        headers: headers(&present.headers, request)?,
        signing_secrets,
        messages: request.messages.clone(),
        filter: request.filter.clone(),
        enabled,
        disabled: present.disabled.filter(|_| !enabled),
        give_up_after: request.give_up_after,
        ..present.clone()
    };
    let mut fields = differences(present, &endpoint);
    fields.extend(has_new_secret.then(|| "signatureScheme".to_owned()));
    Ok(Wanted {
        endpoint,
        has_new_secret,
        fields,
    })
}

/// Another scheme takes another secret; the one before signs beside it for a day.
fn signing_secrets(
    present: &WebhookEndpoint,
    request: &EndpointRequest,
    now: Timestamp,
) -> Result<(SigningSecrets, bool), FlowFailure> {
    let secrets = &present.signing_secrets;
    let is_same = |scheme: &SignatureScheme| secrets.newest().map(scheme_of) == Some(*scheme);
    match request.signature_scheme {
        Some(scheme) if !is_same(&scheme) => Ok((secrets.rotated(new_secret(scheme)?, now), true)),
        Some(_) | None => Ok((secrets.clone(), false)),
    }
}

/// The headers as they are wanted: those that are named, with their stored values where none is given.
fn headers(
    present: &BTreeMap<String, SecretString>,
    request: &EndpointRequest,
) -> Result<BTreeMap<String, SecretString>, FlowFailure> {
    let stored = |name: &str| {
        let found = present
            .iter()
            .find(|(stored, _)| stored.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    let mut wanted = BTreeMap::new();
    let mut unknown = Vec::new();
    for (name, value) in request.headers.iter().flatten() {
        match value.clone().or_else(|| stored(name)) {
            Some(value) => _ = wanted.insert(name.clone(), value),
            None => unknown.push(Violation {
                pointer: format!("/headers/{name}"),
                detail: "has no value, and none is stored that could be kept".to_owned(),
            }),
        }
    }
    if request.headers.is_none() {
        wanted.clone_from(present);
    }
    if let Some(basic) = &request.basic {
        wanted.retain(|name, _| !name.eq_ignore_ascii_case(AUTHORIZATION));
        wanted.insert(AUTHORIZATION.to_owned(), basic.clone());
    }
    if unknown.is_empty() {
        Ok(wanted)
    } else {
        Err(FlowFailure::Invalid(unknown))
    }
}

/// The names of the fields in which two states of an endpoint differ.
fn differences(before: &WebhookEndpoint, after: &WebhookEndpoint) -> Vec<String> {
    let (filter, wanted) = (&before.filter, &after.filter);
    let differs = [
        ("url", before.url != after.url),
        ("method", before.method != after.method),
        ("messages", before.messages != after.messages),
        ("headers", !are_same(&before.headers, &after.headers)),
        (
            "notificationTypes",
            filter.notification_types != wanted.notification_types,
        ),
        (
            "shipmentTypes",
            filter.shipment_types != wanted.shipment_types,
        ),
        (
            "logisticAccountAliases",
            filter.account_aliases != wanted.account_aliases,
        ),
        (
            "warehouseCodes",
            filter.warehouse_codes != wanted.warehouse_codes,
        ),
        ("enabled", before.enabled != after.enabled),
        ("lanes", before.lanes != after.lanes),
        ("giveUpAfter", before.give_up_after != after.give_up_after),
    ];
    differs
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name.to_owned())
        .collect()
}
