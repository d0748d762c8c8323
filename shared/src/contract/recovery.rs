//! Which failed deliveries of an endpoint are to be recovered, and what became of them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::fields::Fields;
use crate::contract::messages::KINDS;
use crate::contract::values::{flag, instant, one_of, parsed, text};
use crate::domain::message::MessageKind;
use crate::domain::notification::NotificationType;
use crate::domain::span::Span;
use crate::domain::text::{Awb, OrderNumber, SubjectCode};

/// What is to be recovered: what all of the given fields say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoveryRequest {
    /// What failed in this span of time.
    pub span: Span,
    /// What is of this kind.
    pub kind: Option<MessageKind>,
    /// What is about this subject, whatever sort of thing that is.
    pub subject: Option<SubjectCode>,
    /// Notifications of this order.
    pub order_number: Option<OrderNumber>,
    /// Notifications of the shipment with this AWB.
    pub awb: Option<Awb>,
    /// Notifications of this type.
    pub notification_type: Option<NotificationType>,
    /// Where the call before ended.
    pub cursor: Option<String>,
    /// Whether it is only counted.
    pub dry_run: bool,
}

/// The states that can be recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
enum Recoverable {
    Failed,
}

/// Reads the body of a recovery.
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

/// The body on the wire. A delivery is recovered if all that is given is true of it; `{}` means all that failed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Recovery)]
pub struct RecoveryBody {
    /// Those that failed at this moment or later (RFC 3339, with an offset).
    #[schema(value_type = Option<String>, format = "date-time")]
    pub since: Option<String>,
    /// Those that failed before this moment.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub until: Option<String>,
    /// Those of messages of this kind.
    pub kind: Option<MessageKind>,
    /// Those of messages about this order, return order or other subject.
    #[schema(example = "asdf1234")]
    pub subject: Option<String>,
    /// Those of notifications of this order.
    pub order_number: Option<String>,
    /// Those of notifications of the shipment that was booked under this AWB.
    pub awb: Option<String>,
    /// Those of notifications of this type.
    pub notification_type: Option<NotificationType>,
    /// `failed`, which is what can be recovered.
    #[schema(example = "failed")]
    pub status: Option<String>,
    /// The `cursor` of the call before, with the other fields as they were.
    pub cursor: Option<String>,
    /// True: counts, and changes nothing.
    pub dry_run: Option<bool>,
}

/// What a recovery did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recovered)]
pub struct RecoveredBody {
    /// How many failed deliveries were meant.
    pub matched: usize,
    /// How many of them wait for attempts now. Less than `matched` after `dryRun`, when another recovery was faster, or
    /// when some have expired.
    pub queued: usize,
    /// How many of them have expired: their payload is gone, and they stay failed.
    pub expired: usize,
    /// Not null: there is more. Call again with it. One call looks at 500 failed deliveries of an endpoint, the oldest
    /// first; those of a subject, an order or an AWB are always looked at in one call.
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_body};

    #[test]
    fn an_empty_object_means_all_that_failed() {
        let request = read_body(b"{}", read).unwrap();
        assert_eq!(request, RecoveryRequest::default());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let body = br#"{"since": "yesterday", "until": 5, "kind": "INVOICES",
                        "subject": " ", "orderNumber": "a\n", "notificationType": "LOST_IT",
                        "status": "pending", "dryRun": "no"}"#;
        let Err(Unreadable::Invalid(violations)) = read_body(body, read) else {
            panic!("it was read")
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
