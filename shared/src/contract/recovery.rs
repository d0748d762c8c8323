//! Requests to recover failed deliveries of an endpoint, and their results.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::FreeText;
use crate::contract::fields::Fields;
use crate::contract::messages::KINDS;
use crate::contract::values::{flag, instant, one_of, parsed, text};
use crate::domain::message::MessageKind;
use crate::domain::notification::NotificationType;
use crate::domain::span::Span;
use crate::domain::text::{Awb, OrderNumber, SubjectCode};

/// Selects the deliveries to recover: all given fields must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoveryRequest {
    /// The time span in which they failed.
    pub span: Span,
    /// The message kind.
    pub kind: Option<MessageKind>,
    /// The subject, of any kind.
    pub subject: Option<SubjectCode>,
    /// The order number of notifications.
    pub order_number: Option<OrderNumber>,
    /// The AWB of notifications.
    pub awb: Option<Awb>,
    /// The type of notifications.
    pub notification_type: Option<NotificationType>,
    /// Where the previous call ended.
    pub cursor: Option<String>,
    /// Whether to only count.
    pub dry_run: bool,
}

/// The states that can be recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
enum Recoverable {
    Failed,
}

/// Reads the body of a recovery request.
pub fn read(fields: &Fields<'_>) -> Option<RecoveryRequest> {
    let since = fields.optional("since", instant);
    let until = fields.optional("until", instant);
    let kind = fields.optional("kind", one_of(KINDS));
    let subject = fields.optional("subject", parsed);
    let order_number = fields.optional("orderNumber", parsed);
    let awb = fields.optional("awb", parsed);
    let notification_type = fields.optional(
        "notificationType",
        one_of("a notification type in capitals, such as DELIVERED"),
    );
    let status = fields.optional("status", one_of::<Recoverable>("failed"));
    let cursor = fields.optional("cursor", text);
    let dry_run = fields.optional("dryRun", flag);
    status?;
    Some(RecoveryRequest {
        span: Span {
            since: since?,
            until: until?,
        },
        kind: kind?,
        subject: subject?,
        order_number: order_number?,
        awb: awb?,
        notification_type: notification_type?,
        cursor: cursor?,
        dry_run: dry_run?.unwrap_or(false),
    })
}

/// The body in JSON. A delivery is recovered if it matches all given fields; `{}` matches all failed deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Recovery)]
pub struct RecoveryBody {
    /// Failed at this time or later (RFC 3339, with an offset).
    #[schema(value_type = Option<String>, format = "date-time")]
    pub since: Option<String>,
    /// Failed before this time.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub until: Option<String>,
    /// Of messages of this kind.
    pub kind: Option<MessageKind>,
    /// Of messages about this order, return order or other subject.
    #[schema(value_type = Option<SubjectCode>)]
    pub subject: Option<String>,
    /// Of notifications of this order.
    #[schema(value_type = Option<OrderNumber>)]
    pub order_number: Option<String>,
    /// Of notifications of the shipment with this AWB.
    #[schema(value_type = Option<Awb>)]
    pub awb: Option<String>,
    /// Of notifications of this type.
    pub notification_type: Option<NotificationType>,
    /// `failed`, the only state that can be recovered.
    #[schema(pattern = "^(failed)?$", example = "failed")]
    pub status: Option<String>,
    /// The `cursor` of the previous response, with the other fields unchanged.
    #[schema(value_type = Option<FreeText>)]
    pub cursor: Option<String>,
    /// True: only counts, and changes nothing.
    pub dry_run: Option<bool>,
}

/// The result of a recovery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recovered)]
pub struct RecoveredBody {
    /// The number of failed deliveries that match.
    #[schema(value_type = u64)]
    pub matched: usize,
    /// The number that are now waiting for attempts. Lower than `matched` with `dryRun`, if another recovery was
    /// faster, or if some have expired.
    #[schema(value_type = u64)]
    pub queued: usize,
    /// The number that have expired: their payload is deleted, and they stay failed.
    #[schema(value_type = u64)]
    pub expired: usize,
    /// Not null: there are more; call again with this cursor. One call checks 500 failed deliveries of an endpoint,
    /// oldest first; those of a subject, an order or an AWB are always checked in one call.
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_body};

    #[test]
    fn an_empty_object_selects_all_failed_deliveries() {
        let request = read_body(b"{}", read).unwrap();
        assert_eq!(request, RecoveryRequest::default());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let body = br#"{"since": "yesterday", "until": 5, "kind": "INVOICES",
                        "subject": " ", "orderNumber": "a\n", "notificationType": "LOST_IT",
                        "status": "pending", "dryRun": "no"}"#;
        let Err(Unreadable::Invalid(violations)) = read_body(body, read) else {
            panic!("the body was accepted")
        };
        let pointers: Vec<_> = violations.iter().map(|wrong| &*wrong.pointer).collect();
        assert_eq!(
            pointers,
            [
                "/since",
                "/until",
                "/kind",
                "/subject",
                "/orderNumber",
                "/notificationType",
                "/status",
                "/dryRun"
            ]
        );
    }
}
