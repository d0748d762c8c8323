//! The body of an `OPERATOR_EVENT` (docs/operator-events.md), with the fields in the documented order.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::operator_event::{About, OperatorEvent, OperatorEventKind};

/// Something of the client's stopped working, works again, or lost messages.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OperatorEvent)]
pub struct OperatorEventBody {
    /// What happened.
    pub event: OperatorEventKind,
    /// When it began, RFC 3339 in UTC.
    #[schema(format = "date-time", example = "2026-11-21T10:00:00Z")]
    pub occurred_at: String,
    /// The webhook endpoint that it is about, if it is about one.
    #[schema(example = "oms")]
    pub endpoint_id: Option<String>,
    /// The logistic account that it is about, if it is about one.
    #[schema(example = "delhivery")]
    pub logistic_account_alias: Option<String>,
    /// The channel account that it is about, if it is about one.
    #[schema(example = "shop")]
    pub channel_account_alias: Option<String>,
    /// Why: a word of RMS, the aggregator's status code, or the partner's name; null if there is none.
    #[schema(example = "FAILING")]
    pub reason: Option<String>,
    /// The same in a sentence, with what follows.
    pub detail: String,
}

impl From<&OperatorEvent> for OperatorEventBody {
    fn from(event: &OperatorEvent) -> Self {
        let (mut endpoint, mut logistic, mut channel) = (None, None, None);
        match &event.about {
            About::Endpoint(id) => endpoint = Some(id.to_string()),
            About::Account(alias) => logistic = Some(alias.to_string()),
            About::ChannelAccount(alias) => channel = Some(alias.to_string()),
        }
        Self {
            event: event.kind,
            occurred_at: event.at.to_string(),
            endpoint_id: endpoint,
            logistic_account_alias: logistic,
            channel_account_alias: channel,
            reason: event.reason.clone(),
            detail: event.kind.meaning().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_the_documented_names_in_their_order() {
        let event = OperatorEvent {
            about: About::Endpoint("oms".parse().unwrap()),
            kind: OperatorEventKind::EndpointSuspended,
            reason: Some("FAILING".to_owned()),
            at: "2026-11-21T10:00:00Z".parse().unwrap(),
        };
        let body = serde_json::to_string(&OperatorEventBody::from(&event)).unwrap();
        let expected = concat!(
            r#"{"event":"ENDPOINT_SUSPENDED","occurredAt":"2026-11-21T10:00:00Z","endpointId":"oms","#,
            r#""logisticAccountAlias":null,"channelAccountAlias":null,"reason":"FAILING","detail":"The endpoint fails or is too slow: "#,
            r#"its messages are parked, and it is probed every minute."}"#,
        );
        assert_eq!(body, expected);
    }
}
