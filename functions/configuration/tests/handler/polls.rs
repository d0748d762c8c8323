//! How far the orders of a channel account were polled.

use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use logistics::domain::selling::order_poll::OrderPoll;
use serde_json::{Value, json};

use crate::configuration::world::Configuring;

const ROUTE: &str = "/channel-accounts/{alias}";
const GET: &str = "GET /channel-accounts/{alias}";

fn shop(poll_orders: bool) -> Value {
    json!({
        "channel": "MAGENTO", "credentials": { "accessToken": "secret" }, "urls": { "baseUrl": "https://93.184.216.34" },
        "settings": { "bearer": true, "pollOrders": poll_orders },
    })
}

impl Configuring {
    /// When polling of the account was switched on, as it is stored.
    async fn polled_since(&self) -> Option<Timestamp> {
        let (client, alias) = ("demo".parse().unwrap(), "mage".parse().unwrap());
        let accounts = &self.app.channel_accounts.accounts;
        let account = accounts.present(&client, &alias).await.unwrap();
        account.unwrap().polled_since
    }

    /// A run leaves this.
    async fn leave(&self, change: impl FnOnce(&mut OrderPoll)) {
        let (client, alias) = ("demo".parse().unwrap(), "mage".parse().unwrap());
        let polls = &self.app.channel_accounts.polls;
        let now = Timestamp::now();
        let leased = polls.lease(&client, &alias, now, Duration::from_mins(1));
        let (lease, stored) = leased.await.unwrap().unwrap();
        let mut poll = OrderPoll::next(stored, self.polled_since().await, now);
        change(&mut poll);
        polls.release(&lease, &poll).await.unwrap();
    }
}

#[tokio::test]
async fn an_account_shows_its_poll_only_if_it_is_polled() {
    let world = Configuring::start().await;
    let made = world.put(ROUTE, "mage", &shop(false)).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.body.get("poll"), None);
    assert_eq!(world.polled_since().await, None);

    let on = world.put(ROUTE, "mage", &shop(true)).await;
    assert_eq!(on.body["poll"]["lastRunAt"], Value::Null);
    assert_eq!(on.body["poll"]["lastError"], Value::Null);
    assert!(on.body["poll"]["lagSeconds"].as_u64().unwrap() < 60);
    // A response can be sent back.
    let same = world.put(ROUTE, "mage", &on.body).await;
    assert_eq!((same.status, same.etag()), (200, on.etag()));

    let at: Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
    let leave = |poll: &mut OrderPoll| {
        poll.last_run_at = Some(at);
        poll.caught_up_at = Timestamp::now() - 90.seconds();
        poll.last_error = Some("the channel refused: closed".to_owned());
    };
    world.leave(leave).await;
    let shown = world.call(GET, "mage", "").await;
    let poll = &shown.body["poll"];
    assert_eq!(poll["lastRunAt"], "2026-11-29T10:00:00Z");
    assert_eq!(poll["lastError"], "the channel refused: closed");
    assert!(
        (90..150).contains(&poll["lagSeconds"].as_u64().unwrap()),
        "{poll}"
    );
    let listed = world.get("/channel-accounts", "").await;
    let accounts = listed.body["channelAccounts"].as_array().unwrap();
    for account in accounts {
        let is_polled = account["alias"] == "mage";
        assert_eq!(account.get("poll").is_some(), is_polled, "{account}");
    }
}

#[tokio::test]
async fn only_switching_it_off_and_on_begins_a_poll_anew() {
    let world = Configuring::start().await;
    world.put(ROUTE, "mage", &shop(true)).await;
    let first = world.polled_since().await.unwrap();
    let failed = |poll: &mut OrderPoll| poll.last_error = Some("down".to_owned());
    world.leave(failed).await;
    let mut other = shop(true);
    other["settings"]["storeCode"] = json!("en");
    let changed = world.put(ROUTE, "mage", &other).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(world.polled_since().await, Some(first));
    assert_eq!(changed.body["poll"]["lastError"], "down");

    world.put(ROUTE, "mage", &shop(false)).await;
    assert_eq!(world.polled_since().await, None);
    let on = world.put(ROUTE, "mage", &shop(true)).await;
    assert!(world.polled_since().await.unwrap() > first);
    assert_eq!(on.body["poll"]["lastError"], Value::Null);
}
