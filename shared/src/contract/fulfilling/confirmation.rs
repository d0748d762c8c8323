//! The OMS's results: the body of `POST /v3/fulfillment/outbound/oms/confirmations`, and the response.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::contract::described_values::FreeText;
use crate::contract::fields::Fields;
use crate::contract::values::{parsed, text};
use crate::domain::fulfilling::group::GroupKey;
use crate::domain::fulfilling::outbound_order::OmsResult;

/// The maximum number of results of a request: a group has no more orders.
const MOST_RESULTS: usize = 100;
/// The maximum length of a reason that is kept.
const LONGEST_REASON: usize = 2_000;

/// The results of some orders of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The group.
    pub group: GroupKey,
    /// The orders, each with its result. A number that cannot exist is no error of the whole request.
    pub results: Vec<(String, OmsResult)>,
}

/// Reads the body.
pub fn read(fields: &Fields<'_>) -> Option<Confirmation> {
    let group = fields.required("group_key", parsed);
    let results = fields.list_up_to("items", MOST_RESULTS, |entry| {
        let number = entry.required("so_number", text);
        let result = entry.optional("error", reason);
        let result = result?.map_or(OmsResult::Confirmed, OmsResult::Failed);
        Some((number?, result))
    });
    let results = results?;
    if results.is_empty() {
        fields.wrong_field("items", "must have at least one order");
    }
    Some(Confirmation {
        group: group?,
        results,
    })
}

/// A reason of any length, of which the beginning is kept: a long text of one order must not fail the others.
fn reason(value: &Value) -> Result<String, String> {
    let text = value.as_str().ok_or("must be a string, or null")?;
    if text.chars().count() <= LONGEST_REASON {
        return Ok(text.to_owned());
    }
    Ok(text.chars().take(LONGEST_REASON - 1).chain(['…']).collect())
}

/// The body in JSON. Partial success is normal: orders with an error, and orders that follow in a later request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundConfirmationRequest)]
pub struct ConfirmationRequestBody {
    /// The key of the group, from `OUTBOUND_ORDER`.
    #[schema(value_type = GroupKey, example = "019a8f0e6c1c7d3b9c552f1d4f0f7a10-SO-1001")]
    pub group_key: String,
    /// The orders of the group that have a result.
    #[schema(min_items = 1, max_items = 100)]
    pub items: Vec<ConfirmedItemBody>,
}

/// An order with its result.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundResult)]
pub struct ConfirmedItemBody {
    /// The number of the order.
    #[schema(value_type = FreeText, example = "SO-1001")]
    pub so_number: String,
    /// Why the OMS did not create the order; absent, null or empty if it did. The first 2,000 characters are kept.
    pub error: Option<String>,
}

/// Which results were taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundConfirmed)]
pub struct ConfirmedBody {
    /// The orders whose result was taken, now or before.
    pub accepted: Vec<String>,
    /// The others.
    pub rejected: Vec<RejectedResultBody>,
}

/// A result that was not taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RejectedOutboundResult)]
pub struct RejectedResultBody {
    /// The number of the order.
    pub so_number: String,
    /// Why.
    #[schema(example = "has another result already: CONFIRMED")]
    pub error: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::fields::{Unreadable, read_value};

    fn wrong(body: &Value) -> Vec<String> {
        match read_value(body, read) {
            Err(Unreadable::Invalid(wrong)) => {
                wrong.into_iter().map(|wrong| wrong.pointer).collect()
            }
            read => panic!("{read:?}"),
        }
    }

    #[test]
    fn an_order_without_an_error_is_confirmed() {
        let body = json!({ "group_key": "g-1", "items": [
            { "so_number": "1" }, { "so_number": "2", "error": null }, { "so_number": "3", "error": "" },
            { "so_number": "4", "error": "no stock" }, { "so_number": "no number #" },
        ] });
        let read = read_value(&body, read).unwrap();
        assert_eq!(read.group.as_str(), "g-1");
        let failed: Vec<_> = read
            .results
            .iter()
            .filter(|(_, result)| *result != OmsResult::Confirmed)
            .collect();
        assert_eq!(
            failed,
            [&("4".to_owned(), OmsResult::Failed("no stock".to_owned()))]
        );
        assert_eq!(read.results.len(), 5);
    }

    #[test]
    fn a_long_reason_fails_no_other_order() {
        let body = json!({ "group_key": "g", "items": [{ "so_number": "1", "error": "ä".repeat(100_000) }] });
        let read = read_value(&body, read).unwrap();
        let Some((_, OmsResult::Failed(reason))) = read.results.first() else {
            panic!("{read:?}")
        };
        assert_eq!(reason.chars().count(), 2_000);
        assert!(reason.ends_with('…'));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        assert_eq!(wrong(&json!({})), ["/group_key", "/items"]);
        let body = json!({ "group_key": "a b", "items": [{ "error": 1 }, 2] });
        let expected = [
            "/group_key",
            "/items/0/so_number",
            "/items/0/error",
            "/items/1",
        ];
        assert_eq!(wrong(&body), expected);
        let many = vec![json!({ "so_number": "1" }); 101];
        assert_eq!(
            wrong(&json!({ "group_key": "g", "items": many })),
            ["/items"]
        );
    }
}
