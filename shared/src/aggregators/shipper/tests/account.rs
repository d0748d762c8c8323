//! What an account says.

use std::time::Duration;

use crate::aggregators::shipper::account::{confirmation_deadline, time_zone, zone_name};
use crate::aggregators::shipper::tests::*;

#[tokio::test]
async fn the_deadline_and_the_zone_have_defaults() {
    let account = shipper().await.account;
    assert_eq!(confirmation_deadline(&account), Duration::from_mins(15));
    assert_eq!(zone_name(&account), "Asia/Jakarta");
    for (minutes, seconds) in [("1", 60), ("0.05", 3), ("120", 7200), ("soon", 900)] {
        let account = shipper().await.set("confirmationDeadlineMinutes", minutes);
        let expected = Duration::from_secs(seconds);
        assert_eq!(confirmation_deadline(&account.account), expected);
    }
    for (zone, hours) in [("Asia/Makassar", 8), ("Asia/Jayapura", 9), ("Mars", 7)] {
        let account = shipper().await.set("timeZone", zone).account;
        assert_eq!(time_zone(&account).seconds(), hours * 3600);
    }
}
