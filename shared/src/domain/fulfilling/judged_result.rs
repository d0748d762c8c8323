//! What a result of the OMS means for an order.

use crate::domain::fulfilling::group::GroupKey;
use crate::domain::fulfilling::outbound_order::{OmsResult, OutboundOrder};

/// What a result means for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JudgedResult {
    /// It is the first result.
    First,
    /// The order has this result already.
    Same,
    /// The order has another result, which stays.
    Other(OmsResult),
    /// The group has no such order.
    NotInGroup,
}

/// Judges a result for an order of a group; `order` is absent if the client has none with the number. That the OMS did not answer
/// in time is no result of it, so a later one is still the first.
pub fn judge(order: Option<&OutboundOrder>, group: &GroupKey, result: &OmsResult) -> JudgedResult {
    let Some(order) = order.filter(|order| order.group == *group) else {
        return JudgedResult::NotInGroup;
    };
    match &order.result {
        None => JudgedResult::First,
        Some(known) if known.result == *result => JudgedResult::Same,
        Some(known) => JudgedResult::Other(known.result.clone()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::fulfilling::outbound_order::DatedResult;

    fn order(result: Option<OmsResult>) -> OutboundOrder {
        OutboundOrder {
            number: "SO-1".parse().unwrap(),
            order_type: None,
            tracking: "T1".parse().unwrap(),
            warehouse: "WH".parse().unwrap(),
            group: "g".parse().unwrap(),
            content: String::new(),
            accepted_at: Timestamp::UNIX_EPOCH,
            deadline: Timestamp::UNIX_EPOCH,
            unconfirmed_at: Some(Timestamp::UNIX_EPOCH),
            result: result.map(|result| DatedResult {
                at: Timestamp::UNIX_EPOCH,
                result,
            }),
            due_at: None,
        }
    }

    #[test]
    fn the_first_result_of_an_order_counts_even_after_the_deadline() {
        let (group, failed) = (
            "g".parse().unwrap(),
            OmsResult::Failed("no stock".to_owned()),
        );
        let judged = |known, result| judge(Some(&order(known)), &group, result);
        assert_eq!(judged(None, &failed), JudgedResult::First);
        assert_eq!(judged(Some(failed.clone()), &failed), JudgedResult::Same);
        let confirmed = Some(OmsResult::Confirmed);
        assert_eq!(
            judged(confirmed, &failed),
            JudgedResult::Other(OmsResult::Confirmed)
        );
        let other = OmsResult::Failed("no such SKU".to_owned());
        assert_eq!(
            judged(Some(failed.clone()), &other),
            JudgedResult::Other(failed)
        );
    }

    #[test]
    fn an_order_of_another_group_is_as_unknown_as_one_that_does_not_exist() {
        let group = "other".parse().unwrap();
        for order in [
            None,
            Some(order(None)),
            Some(order(Some(OmsResult::Confirmed))),
        ] {
            let judged = judge(order.as_ref(), &group, &OmsResult::Confirmed);
            assert_eq!(judged, JudgedResult::NotInGroup);
        }
    }
}
