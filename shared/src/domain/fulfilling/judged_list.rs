//! What it means that some numbers of a list of orders are in use.

use std::collections::BTreeMap;

use crate::domain::fulfilling::group::GroupKey;
use crate::domain::fulfilling::outbound_order::OutboundOrder;
use crate::domain::fulfilling::requested::RequestedOrder;
use crate::domain::text::SalesOrderNumber;

/// What a list of orders means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JudgedList {
    /// None of the numbers is in use.
    New,
    /// An earlier request sent all of them, with the same content: a repeat.
    Repeated(GroupKey),
    /// These orders, by their places in the list, cannot be accepted with the others.
    Taken(Vec<(usize, WhyTaken)>),
}

/// Why an order cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyTaken {
    /// Its number was used with other content.
    OtherContent,
    /// It was accepted before, in this group, and others of the list were not.
    OfGroup(GroupKey),
}

/// Judges a list by the orders with its numbers that the client has.
pub fn judge(
    orders: &[RequestedOrder],
    known: &BTreeMap<SalesOrderNumber, OutboundOrder>,
) -> JudgedList {
    let met: Vec<_> = orders
        .iter()
        .map(|order| known.get(&order.number))
        .collect();
    let first = met.iter().find_map(|met| *met);
    let Some(first) = first else {
        return JudgedList::New;
    };
    let is_same = |(order, met): (&RequestedOrder, Option<&OutboundOrder>)| {
        met.is_some_and(|met| met.content == order.content && met.group == first.group)
    };
    if orders.iter().zip(met.iter().copied()).all(is_same) {
        return JudgedList::Repeated(first.group.clone());
    }
    let taken = orders.iter().zip(met).enumerate();
    let taken = taken.filter_map(|(place, (order, met))| {
        let met = met?;
        let why = if met.content == order.content {
            WhyTaken::OfGroup(met.group.clone())
        } else {
            WhyTaken::OtherContent
        };
        Some((place, why))
    });
    JudgedList::Taken(taken.collect())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn requested(number: &str, content: &str) -> RequestedOrder {
        RequestedOrder {
            number: number.parse().unwrap(),
            order_type: None,
            tracking: "T1".parse().unwrap(),
            warehouse: "WH".parse().unwrap(),
            content: content.to_owned(),
            document: "{}".to_owned().into(),
        }
    }

    fn known(orders: &[(&str, &str, &str)]) -> BTreeMap<SalesOrderNumber, OutboundOrder> {
        let order = |(number, content, group): &(&str, &str, &str)| {
            let order = OutboundOrder {
                number: number.parse().unwrap(),
                order_type: None,
                tracking: "T1".parse().unwrap(),
                warehouse: "WH".parse().unwrap(),
                group: group.parse().unwrap(),
                content: (*content).to_owned(),
                accepted_at: Timestamp::UNIX_EPOCH,
                deadline: Timestamp::UNIX_EPOCH,
                unconfirmed_at: None,
                result: None,
                due_at: None,
            };
            (order.number.clone(), order)
        };
        orders.iter().map(order).collect()
    }

    fn group(key: &str) -> GroupKey {
        key.parse().unwrap()
    }

    #[test]
    fn a_list_of_known_orders_of_one_group_is_a_repeat() {
        let list = [requested("1", "a"), requested("2", "b")];
        assert_eq!(judge(&list, &BTreeMap::new()), JudgedList::New);
        let all = known(&[("1", "a", "g"), ("2", "b", "g"), ("3", "c", "g")]);
        assert_eq!(judge(&list, &all), JudgedList::Repeated(group("g")));
        let (first, _) = list.split_at(1);
        assert_eq!(judge(first, &all), JudgedList::Repeated(group("g")));
    }

    #[test]
    fn new_and_old_orders_are_not_accepted_together() {
        let list = [requested("1", "a"), requested("2", "b")];
        let judged = judge(&list, &known(&[("2", "b", "g")]));
        assert_eq!(
            judged,
            JudgedList::Taken(vec![(1, WhyTaken::OfGroup(group("g")))])
        );
        let judged = judge(&list, &known(&[("1", "a", "g"), ("2", "b", "h")]));
        let both = [(0, group("g")), (1, group("h"))];
        let both = both.map(|(place, group)| (place, WhyTaken::OfGroup(group)));
        assert_eq!(judged, JudgedList::Taken(both.into()));
    }

    #[test]
    fn an_order_with_other_content_is_named() {
        let list = [requested("1", "a"), requested("2", "b")];
        let judged = judge(&list, &known(&[("1", "x", "g"), ("2", "b", "g")]));
        let expected = vec![
            (0, WhyTaken::OtherContent),
            (1, WhyTaken::OfGroup(group("g"))),
        ];
        assert_eq!(judged, JudgedList::Taken(expected));
    }
}
