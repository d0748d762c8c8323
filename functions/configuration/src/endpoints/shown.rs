//! An endpoint as shown to the client.

use logistics::contract::endpoint::body::{EndpointBody, HealthBody, HealthState, ScheduleBody};
use logistics::delivery::policy::{Schedule, schedule};
use logistics::destinations::client_webhook::signature::{public_key, scheme_of};
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::health::{Health, Stage};

/// The endpoint without its secrets.
pub(crate) fn shown(endpoint: &WebhookEndpoint, health: &Health) -> EndpointBody {
    let newest = endpoint.signing_secrets.newest();
    let filter = endpoint.filter.clone();
    EndpointBody {
        id: endpoint.id.to_string(),
        url: endpoint.url.to_string(),
        method: endpoint.method,
        messages: endpoint.messages.clone(),
        headers: endpoint
            .headers
            .keys()
            .map(|name| (name.clone(), None))
            .collect(),
        notification_types: filter.notification_types,
        shipment_types: filter.shipment_types,
        logistic_account_aliases: filter.account_aliases.as_deref().map(texts),
        warehouse_codes: filter.warehouse_codes.as_deref().map(texts),
        enabled: endpoint.enabled,
        lanes: endpoint.lanes,
        give_up_after: endpoint.give_up_after.into(),
        signature_scheme: newest.map(scheme_of).unwrap_or_default(),
        public_key: newest.and_then(|secret| public_key(secret).ok().flatten()),
        health: health_body(endpoint, health),
        schedule: schedule_body(&schedule(endpoint.give_up_after)),
        signing_secret: None,
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// An endpoint that is switched off is `DISABLED`, whatever its health.
fn health_body(endpoint: &WebhookEndpoint, health: &Health) -> HealthBody {
    if !endpoint.enabled {
        let disabled = endpoint.disabled;
        return HealthBody {
            state: HealthState::Disabled,
            since: disabled.map(|disabled| disabled.at),
            reason: disabled.map(|disabled| disabled.reason.to_string()),
        };
    }
    let Some(suspension) = &health.suspension else {
        return HealthBody {
            state: HealthState::Active,
            since: None,
            reason: None,
        };
    };
    let state = match suspension.stage {
        Stage::Suspended => HealthState::Suspended,
        Stage::Draining(_) => HealthState::Draining,
    };
    HealthBody {
        state,
        since: Some(suspension.since),
        reason: Some(suspension.reason.to_string()),
    }
}

fn schedule_body(schedule: &Schedule) -> ScheduleBody {
    ScheduleBody {
        waits: schedule
            .waits
            .iter()
            .map(std::time::Duration::as_secs)
            .collect(),
        jitter: schedule.jitter,
        longest_retry_after: schedule.longest_retry_after.as_secs(),
        most_refusals: schedule.most_refusals,
        give_up_after: schedule.give_up_after.as_secs(),
    }
}
