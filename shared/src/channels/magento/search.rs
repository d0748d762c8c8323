//! The search for orders as a query of the shop: groups of filters, of which all must hold; of the filters of a group one.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::channels::magento::call::Pair;
use crate::domain::selling::listing::{OrderPosition, OrderQuery};
use crate::domain::text::ChannelOrderId;

/// A field, a condition and a value.
type Filter = (&'static str, &'static str, String);

/// A search that goes on after a position.
#[derive(Debug, Clone)]
pub(super) struct Search {
    fixed: Vec<Vec<Filter>>,
    /// The last order that was found.
    pub(super) after: Option<OrderPosition>,
    /// The orders that are not wanted.
    pub(super) without: Vec<ChannelOrderId>,
    /// Only orders with an id up to this one.
    pub(super) highest_id: Option<u64>,
}

impl Search {
    /// The search for a query.
    pub(super) fn of(query: &OrderQuery) -> Self {
        let mut fixed = Vec::new();
        if let Some(status) = &query.status {
            fixed.push(vec![("status", "eq", status.clone())]);
        }
        if query.only_cancelled {
            let canceled = |field| (field, "eq", "canceled".to_owned());
            fixed.push(vec![canceled("state"), canceled("status")]);
        }
        if let Some(since) = query.created_since {
            fixed.push(vec![("created_at", "gteq", shop_time(since))]);
        }
        if let Some(since) = query.updated_since {
            fixed.push(vec![("updated_at", "gteq", shop_time(since))]);
        }
        Self {
            fixed,
            after: query.after.clone(),
            without: query.without.clone(),
            highest_id: None,
        }
    }

    /// The query for this many orders.
    pub(super) fn pairs(&self, size: usize) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (index, group) in self.groups().iter().enumerate() {
            for (place, (field, condition, value)) in group.iter().enumerate() {
                let name = |part: &str| {
                    format!("searchCriteria[filterGroups][{index}][filters][{place}][{part}]")
                };
                pairs.push((name("field"), (*field).to_owned()));
                pairs.push((name("conditionType"), (*condition).to_owned()));
                pairs.push((name("value"), value.clone()));
            }
        }
        for (index, field) in ["updated_at", "entity_id"].into_iter().enumerate() {
            let name = |part: &str| format!("searchCriteria[sortOrders][{index}][{part}]");
            pairs.push((name("field"), field.to_owned()));
            pairs.push((name("direction"), "ASC".to_owned()));
        }
        pairs.push(("searchCriteria[pageSize]".to_owned(), size.to_string()));
        pairs.push(("searchCriteria[currentPage]".to_owned(), "1".to_owned()));
        pairs
    }

    /// After a position are the orders that were changed later, and those of the same time with a higher id. As groups: those
    /// not earlier, that are later or have a higher id. There are at most eight groups: a shop sorts the names of parameters
    /// by the numbers in them, other programs by their digits, and signatures depend on it.
    fn groups(&self) -> Vec<Vec<Filter>> {
        let mut groups = self.fixed.clone();
        if let Some(after) = &self.after {
            let time = shop_time(after.updated_at);
            groups.push(vec![("updated_at", "gteq", time.clone())]);
            groups.push(vec![
                ("updated_at", "gt", time),
                ("entity_id", "gt", after.id.to_string()),
            ]);
        }
        if !self.without.is_empty() {
            let ids: Vec<&str> = self.without.iter().map(ChannelOrderId::as_str).collect();
            groups.push(vec![("entity_id", "nin", ids.join(","))]);
        }
        if let Some(highest) = self.highest_id {
            groups.push(vec![("entity_id", "lteq", highest.to_string())]);
        }
        groups
    }
}

/// A time as a shop writes it, in UTC.
fn shop_time(time: Timestamp) -> String {
    let time = time.to_zoned(TimeZone::UTC);
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
