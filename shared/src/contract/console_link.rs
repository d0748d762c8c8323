//! One-time links of the console in requests and responses.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::api_key::scopes;
use crate::contract::fields::Fields;
use crate::contract::values::whole_number;
use crate::domain::client::Scope;

/// How long a link can be opened if the request does not say.
const MINUTES: u64 = 15;
/// How long it can be opened at most: a day.
const MOST_MINUTES: u64 = 24 * 60;

/// A request for a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRequest {
    /// The scopes of the session, without duplicates.
    pub scopes: Vec<Scope>,
    /// How long it can be opened.
    pub open_for: Duration,
}

/// Reads the body of a request for a link.
pub fn read(fields: &Fields<'_>) -> Option<LinkRequest> {
    let scopes = scopes(fields);
    let minutes = fields.optional("minutes", |value| {
        let minutes: u64 = whole_number(value)?;
        let is_allowed = (1..=MOST_MINUTES).contains(&minutes);
        is_allowed
            .then_some(minutes)
            .ok_or_else(|| format!("must be from 1 to {MOST_MINUTES}"))
    });
    let (scopes, minutes) = (scopes?, minutes?.unwrap_or(MINUTES));
    Some(LinkRequest {
        scopes,
        open_for: Duration::from_mins(minutes),
    })
}

/// The body in JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleLinkRequest)]
pub struct LinkRequestBody {
    /// The scopes of the session: only those that the calling key has itself.
    #[schema(min_items = 1, max_items = 500)]
    pub scopes: Vec<Scope>,
    /// How many minutes the link can be opened, from 1 to 1440; 15 if absent. The session that it opens lasts up to 8 hours.
    #[schema(minimum = 1, maximum = 1440)]
    pub minutes: Option<u64>,
}

/// A new link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ConsoleLink)]
pub struct LinkBody {
    /// The URL. Whoever opens it first gets the session; it is shown only in this response.
    #[schema(example = "https://api.example/console/link?token=1.4f0c…")]
    pub url: String,
    /// When it can no longer be opened: never later than the calling key expires.
    #[schema(value_type = String, format = "date-time")]
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_body};

    fn read_from(body: &str) -> Result<LinkRequest, Vec<String>> {
        read_body(body.as_bytes(), read).map_err(|unreadable| {
            let Unreadable::Invalid(found) = unreadable else {
                panic!("{unreadable:?}")
            };
            found.into_iter().map(|wrong| wrong.pointer).collect()
        })
    }

    #[test]
    fn a_link_can_be_opened_for_a_quarter_of_an_hour_unless_the_request_says_otherwise() {
        let request = read_from(r#"{"scopes": ["returns", "notifications", "returns"]}"#).unwrap();
        assert_eq!(request.scopes, [Scope::Returns, Scope::Notifications]);
        assert_eq!(request.open_for, Duration::from_mins(15));
        let request = read_from(r#"{"scopes": ["returns"], "minutes": 1440}"#).unwrap();
        assert_eq!(request.open_for, Duration::from_hours(24));
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(read_from("{}").unwrap_err(), ["/scopes"]);
        for minutes in ["0", "1441", "-1", "1.5", "\"a\""] {
            let body = format!(r#"{{"scopes": [], "minutes": {minutes}}}"#);
            assert_eq!(read_from(&body).unwrap_err(), ["/scopes", "/minutes"]);
        }
    }
}
