//! The scans in a push. Some aggregators list the oldest first and some the newest, so scans are compared by their
//! dates.

use serde_json::Value;

use crate::aggregators::instants::{FinalZ, instant};

/// The newest of the scans by its date field. Of several with the same date it is the last in the list, or the first if
/// the list begins with the newest.
pub fn newest<'a>(scans: &[&'a Value], date: &str) -> Option<&'a Value> {
    let at = |scan: &Value| instant(scan.get(date)?.as_str()?, FinalZ::Utc);
    let mut scans = scans.to_vec();
    let first = scans.iter().find_map(|scan| at(scan));
    let last = scans.iter().rev().find_map(|scan| at(scan));
    if first > last {
        scans.reverse();
    }
    scans.into_iter().max_by_key(|scan| at(scan))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn newest_of(list: &Value) -> Option<i64> {
        let scans: Vec<&Value> = list.as_array().unwrap().iter().collect();
        newest(&scans, "date")?.get("id")?.as_i64()
    }

    fn scan(id: u8, time: &str) -> Value {
        json!({"id": id, "date": format!("2026-03-19 {time}")})
    }

    #[test]
    fn the_newest_scan_is_found_at_either_end_of_the_list() {
        let (old, young) = (scan(1, "09:00:00"), scan(2, "10:00:00"));
        let twin = scan(3, "10:00:00");
        for (list, newest) in [
            (json!([]), None),
            (json!([old]), Some(1)),
            (json!([old, young]), Some(2)),
            (json!([young, old]), Some(2)),
            (json!([old, young, twin]), Some(3)),
            (json!([twin, young, old]), Some(3)),
            (json!([{"id": 4, "date": "NA"}, old]), Some(1)),
            (json!([{"id": 4}, {"id": 5, "date": 7}]), Some(5)),
        ] {
            assert_eq!(newest_of(&list), newest, "{list}");
        }
    }
}
