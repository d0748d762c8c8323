//! `searchCriteria` and `fields` of a query. Filters of one group are alternatives; all groups must match.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use axum::extract::Query;
use http::Uri;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::magento::keys::snake;
use crate::magento::refusal::Refusal;
use crate::magento::shop::Shop;

const DEFAULT_PAGE: usize = 20;
const LARGEST_PAGE: usize = 300;

type Row = Map<String, Value>;

/// A search.
pub(super) struct Search {
    groups: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
    sorting: BTreeMap<String, BTreeMap<String, String>>,
    /// All rows are one page if there is none.
    size: Option<usize>,
    page: usize,
    /// The value of `fields`.
    pub(super) fields: Option<String>,
}

impl Search {
    /// Reads a query; a key of the criteria must be present.
    pub(super) fn of(uri: &Uri, shop: &Shop) -> Result<Self, Refusal> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(uri);
        let Query(pairs) = query.map_err(|_| Refusal::required("searchCriteria"))?;
        let mut search = Self {
            groups: BTreeMap::new(),
            sorting: BTreeMap::new(),
            size: shop.input_limits.then_some(DEFAULT_PAGE),
            page: 1,
            fields: None,
        };
        let mut present = false;
        for (key, value) in pairs {
            present |= search.take(&key, value);
        }
        if shop.input_limits && search.size.is_some_and(|size| size > LARGEST_PAGE) {
            let parameters = json!({ "max": LARGEST_PAGE });
            let message = "Maximum SearchCriteria pageSize is %max";
            return Err(Refusal::invalid_with(message, parameters));
        }
        if present {
            Ok(search)
        } else {
            Err(Refusal::required("searchCriteria"))
        }
    }

    /// Takes one parameter; whether it is one of the criteria.
    fn take(&mut self, key: &str, value: String) -> bool {
        if key == "fields" {
            self.fields = Some(value);
            return false;
        }
        let parts: Vec<String> = key
            .split('[')
            .map(|part| snake(part.trim_end_matches(']')))
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let Some(("search_criteria", below)) =
            parts.split_first().map(|(first, rest)| (*first, rest))
        else {
            return false;
        };
        match below {
            ["filter_groups", group, "filters", filter, name] => {
                let group = self.groups.entry((*group).to_owned()).or_default();
                let filter = group.entry((*filter).to_owned()).or_default();
                filter.insert((*name).to_owned(), value);
            }
            ["sort_orders", index, name] => {
                let order = self.sorting.entry((*index).to_owned()).or_default();
                order.insert((*name).to_owned(), value);
            }
            ["page_size"] => self.size = value.parse().ok().filter(|size| *size > 0).or(self.size),
            ["current_page"] => self.page = value.parse().unwrap_or(1).max(1),
            _ => {}
        }
        true
    }

    /// The rows that match, sorted.
    pub(super) fn found<R: Borrow<Row>>(&self, rows: impl Iterator<Item = R>) -> Vec<R> {
        let mut found: Vec<R> = rows.filter(|row| self.matches(row.borrow())).collect();
        found.sort_by(|left, right| self.order(left.borrow(), right.borrow()));
        found
    }

    /// The rows of the page. After the last one there are none, or, as before 2.4, those of the last page.
    pub(super) fn page<'a, R>(&self, found: &'a [R], repeat_last: bool) -> &'a [R] {
        let mut pages = found.chunks(self.size.unwrap_or(found.len().max(1)));
        let last = pages.len().saturating_sub(1);
        let asked = self.page.saturating_sub(1);
        let index = if repeat_last { asked.min(last) } else { asked };
        pages.nth(index).unwrap_or_default()
    }

    /// The answer's `search_criteria`.
    pub(super) fn echo(&self) -> Value {
        let groups: Vec<Value> = self.groups.values().map(echo_group).collect();
        let mut echo = json!({
            "filter_groups": groups,
            "sort_orders": self.sorting.values().collect::<Vec<_>>(),
            "current_page": self.page,
        });
        if let (Some(fields), Some(size)) = (echo.as_object_mut(), self.size) {
            fields.insert("page_size".to_owned(), json!(size));
        }
        echo
    }

    fn matches(&self, row: &Row) -> bool {
        let mut groups = self.groups.values();
        groups.all(|filters| filters.values().any(|filter| holds(filter, row)))
    }

    fn order(&self, left: &Row, right: &Row) -> Ordering {
        let orders = self.sorting.values().map(|sort| {
            let field = sort.get("field").map(String::as_str).unwrap_or_default();
            let order = compared(&text(left, field), &text(right, field));
            let ascending = sort
                .get("direction")
                .is_some_and(|way| way.eq_ignore_ascii_case("asc"));
            if ascending { order } else { order.reverse() }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

fn echo_group(filters: &BTreeMap<String, BTreeMap<String, String>>) -> Value {
    let filters: Vec<&BTreeMap<String, String>> = filters.values().collect();
    json!({ "filters": filters })
}

fn holds(filter: &BTreeMap<String, String>, row: &Row) -> bool {
    let part = |name| filter.get(name).map(String::as_str);
    let found = text(row, part("field").unwrap_or_default());
    let wanted = part("value").unwrap_or_default();
    let order = compared(&found, wanted);
    let listed = || wanted.split(',').any(|one| one == found);
    match part("condition_type").unwrap_or("eq") {
        "eq" => order == Ordering::Equal,
        "neq" => order != Ordering::Equal,
        "gt" => order == Ordering::Greater,
        "gteq" | "from" => order != Ordering::Less,
        "lt" => order == Ordering::Less,
        "lteq" | "to" => order != Ordering::Greater,
        "in" => listed(),
        "nin" => !listed(),
        // The value is one of the field's list.
        "finset" => found.split(',').any(|one| one == wanted),
        "like" => like(&found, wanted),
        "null" => found.is_empty(),
        "notnull" => !found.is_empty(),
        _ => false,
    }
}

/// Numbers as numbers; all else, also times, as text.
fn compared(left: &str, right: &str) -> Ordering {
    match (left.parse::<Decimal>(), right.parse::<Decimal>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_) | Err(_), _) => left.cmp(right),
    }
}

/// `%` at either end stands for anything.
fn like(found: &str, pattern: &str) -> bool {
    let words = pattern.trim_matches('%');
    match (pattern.starts_with('%'), pattern.ends_with('%')) {
        (true, true) => found.contains(words),
        (true, false) => found.ends_with(words),
        (false, true) => found.starts_with(words),
        (false, false) => found == words,
    }
}

/// A field as text; empty if it is absent.
fn text(row: &Row, field: &str) -> String {
    match row.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_) | Value::Null) | None => {
            String::new()
        }
    }
}
