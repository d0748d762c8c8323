//! Pushes of one event in the dialect of each aggregator, without a word of its direction.

use serde_json::Value;

use crate::aggregators::world::World;
use crate::answer::Answer;
use crate::vendors::{Push, vendor};

/// One event in the dialect of an aggregator, without a word of its direction.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    /// What the push calls the order; without it the AWB alone tells.
    pub(crate) order: Option<&'a str>,
    pub(crate) awb: &'a str,
    /// A word of RMS Magic's push.
    pub(crate) word: &'a str,
    /// Minutes after the first.
    pub(crate) minute: u32,
}

pub(crate) fn scan<'a>(order: &'a str, awb: &'a str, word: &'a str, minute: u32) -> Scan<'a> {
    Scan {
        order: Some(order),
        awb,
        word,
        minute,
    }
}

impl Scan<'_> {
    pub(crate) fn in_dialect(self, alias: &str) -> Value {
        let vendor = vendor(alias);
        let code = (vendor.code)(self.word);
        (vendor.push)(&Push {
            order: self.order,
            awb: self.awb,
            code: code.unwrap_or_else(|| panic!("{alias} has no code for {}", self.word)),
            minute: self.minute,
        })
    }
}

impl World {
    #[track_caller]
    pub(crate) fn accepted(answer: &Answer) -> String {
        let entry = answer.ok()["notifications"][0].clone();
        assert_eq!(entry["status"], "ACCEPTED", "{entry}");
        entry["notificationId"].as_str().unwrap().to_owned()
    }

    /// Pushes an event, and answers its id.
    pub(crate) async fn scanned(&self, alias: &str, scan: Scan<'_>) -> String {
        Self::accepted(&self.push(alias, &scan.in_dialect(alias)).await)
    }

    pub(crate) async fn awb(&self, alias: &str, order_number: &str) -> String {
        let label = self.label(alias, order_number).await.ok();
        label["awb"].as_str().unwrap().to_owned()
    }

    /// Where a forward shipment is.
    pub(crate) async fn state(&self, order_number: &str) -> Value {
        self.shipment(order_number, "FORWARD").await.ok()["state"].clone()
    }
}
