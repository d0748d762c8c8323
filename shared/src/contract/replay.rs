//! Requests to replay notifications that were stored as unmapped, and their results.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::FreeText;
use crate::contract::fields::Fields;
use crate::contract::values::{flag, instant, parsed, text};
use crate::domain::span::Span;
use crate::domain::text::AccountAlias;

/// Selects the notifications to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayRequest {
    /// The account that pushed them.
    pub alias: AccountAlias,
    /// Their code.
    pub code: String,
    /// When they arrived.
    pub span: Span,
    /// Where the previous call ended.
    pub cursor: Option<String>,
    /// Whether to only count.
    pub dry_run: bool,
}

/// Reads the body of a request.
pub fn read(fields: &Fields<'_>) -> Option<ReplayRequest> {
    let alias = fields.required("logisticAccountAlias", parsed);
    let code = fields.required("code", text);
    let since = fields.optional("since", instant);
    let until = fields.optional("until", instant);
    let cursor = fields.optional("cursor", text);
    let dry_run = fields.optional("dryRun", flag);
    Some(ReplayRequest {
        alias: alias?,
        code: code?,
        span: Span {
            since: since?,
            until: until?,
        },
        cursor: cursor?,
        dry_run: dry_run?.unwrap_or(false),
    })
}

/// The body in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UnmappedReplay)]
pub struct ReplayBody {
    /// The account that pushed the notifications. Its configuration gives the code a type, unless RMS knows the code by now.
    #[schema(value_type = AccountAlias)]
    pub logistic_account_alias: String,
    /// The code, as `GET /unmapped-statuses` shows it.
    #[schema(value_type = FreeText)]
    pub code: String,
    /// Arrived at this time or later (RFC 3339, with an offset).
    #[schema(value_type = Option<String>, format = "date-time")]
    pub since: Option<String>,
    /// Arrived before this time.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub until: Option<String>,
    /// The `cursor` of the previous response, with the other fields unchanged.
    #[schema(value_type = Option<FreeText>)]
    pub cursor: Option<String>,
    /// True: only counts, and changes nothing.
    pub dry_run: Option<bool>,
}

/// The result of a replay.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayedUnmapped)]
pub struct ReplayedBody {
    /// The number of notifications with this code that are still to be translated or queued.
    #[schema(value_type = u64)]
    pub matched: usize,
    /// The number that now have a type. Lower than `matched` with `dryRun`, if another replay was faster, or if the code has a
    /// type only for the other direction.
    #[schema(value_type = u64)]
    pub translated: usize,
    /// The number of deliveries that now wait for their first attempt: one for each endpoint that wants such a notification.
    #[schema(value_type = u64)]
    pub queued: usize,
    /// Not null: there may be more; call again with this cursor. One call replays up to 200 notifications, and counts up to
    /// 10,000, oldest first.
    pub cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_body};

    #[test]
    fn account_and_code_are_needed() {
        let request = read_body(br#"{"logisticAccountAlias": "magic", "code": "E31"}"#, read);
        let request = request.unwrap();
        assert_eq!((request.alias.as_str(), &*request.code), ("magic", "E31"));
        assert!(!request.dry_run && request.cursor.is_none());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let body = br#"{"logisticAccountAlias": "a b", "since": "yesterday", "until": 5, "cursor": " ", "dryRun": "no"}"#;
        let Err(Unreadable::Invalid(violations)) = read_body(body, read) else {
            panic!("the body was accepted")
        };
        let pointers: Vec<_> = violations.iter().map(|wrong| &*wrong.pointer).collect();
        assert_eq!(
            pointers,
            [
                "/logisticAccountAlias",
                "/code",
                "/since",
                "/until",
                "/cursor",
                "/dryRun"
            ]
        );
    }
}
