//! What `doctor` finds.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use local::handler_world::stored::{attempted, notification};
use local::template::Template;
use logistics::domain::account::{PartnerAccount, PartnerKind};
use logistics::domain::claim::Standing;
use logistics::domain::delivery::DeliveryState;
use logistics::domain::endpoint::{Disabled, DisabledReason};
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Stage, Suspension, SuspensionReason};
use logistics::domain::notification::Identity;
use logistics::domain::text::ClientId;
use logistics::store::notifying::notifications::Stored;
use logistics::store::notifying::unmapped::UnmappedPlace;
use operator::dlq::Source;
use operator::doctor::{EXPECTED_TABLES, State, alarms};
use serde_json::{Value, json};

use crate::operator_commands::Operated;

#[tokio::test]
async fn a_doctor_finds_a_new_stack_well_and_says_what_is_wrong() {
    let operated = Operated::start().await;
    let well = operated.told("doctor").await.unwrap();
    assert!(well.is_well, "{}", well.text);
    assert!(well.text.ends_with("Nothing is wrong."), "{}", well.text);
    // The page shows it, except for how far the clocks are apart, and with one of the tables.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = include_str!("../../../../../docs/deploy.md")
        .lines()
        .map(words);
    let page: Vec<_> = page.collect();
    let shown = well.text.lines().map(words);
    let shown = shown.filter(|line| !line.contains(" clock ") && !line.contains(" table "));
    let missing: Vec<_> = shown.filter(|line| !page.contains(line)).collect();
    assert!(missing.is_empty(), "docs/deploy.md has not: {missing:?}");

    operated
        .send("DeliveryDeadLetterQueue", "a", "b", None)
        .await;
    let dynamodb = operated.world.backends.dynamodb_client();
    let audit = operated.world.table("AuditTable").unwrap();
    dynamodb
        .delete_table()
        .table_name(audit)
        .send()
        .await
        .unwrap();
    let ill = operated.told("doctor --json").await.unwrap();
    assert!(!ill.is_well);
    let diagnosis: Value = serde_json::from_str(&ill.text).unwrap();
    assert_eq!(diagnosis["isWell"], false);
    let findings = diagnosis["findings"].as_array().unwrap().iter();
    let wrong: Vec<_> = findings.filter(|one| one["state"] == "wrong").collect();
    let what: Vec<_> = wrong
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["table AuditTable", "queue DeliveryDeadLetterQueue"]);
    assert!(wrong.iter().all(|one| one["advice"].is_string()));
}

/// The check of this name finds this.
async fn assert_found(operated: &Operated, what: &str, expected: &str) {
    let told = operated.told("doctor --json").await.unwrap();
    assert!(!told.is_well, "{what}");
    let diagnosis: Value = serde_json::from_str(&told.text).unwrap();
    let findings = diagnosis["findings"].as_array().unwrap().iter();
    let wrong: Vec<_> = findings.filter(|one| one["state"] == "wrong").collect();
    let one = wrong.iter().find(|one| one["what"] == what);
    let one = one.unwrap_or_else(|| panic!("{what}: {wrong:?}"));
    let found = one["found"].as_str().unwrap();
    assert!(found.starts_with(expected), "{what}: {found}");
    assert!(one["advice"].is_string(), "{what}");
}

#[tokio::test]
async fn a_doctor_names_what_does_not_go_on_by_itself() {
    let operated = Operated::start().await;
    let start = operated.world.start_of("console").unwrap();
    let client: ClientId = operated.world.demo.client_id.parse().unwrap();
    let order = operated.order("waits");
    let now = Timestamp::now();

    // A doubt that has just begun is one, too.
    operated.claimed("waits", now, Standing::Uncertain).await;
    let doubt = format!("1: {client}/waits (");
    assert_found(&operated, "orders in doubt", &doubt).await;

    let account = PartnerAccount {
        client_id: &client,
        alias: &"magic".parse().unwrap(),
        kind: PartnerKind::Aggregator,
        partner: "RMS_MAGIC",
        credentials: &BTreeMap::new(),
        urls: &BTreeMap::new(),
    };
    let sessions = start.sessions().unwrap();
    sessions.note_standing(account, true, now).await.unwrap();
    let refused = format!("1: {client}/magic (RMS_MAGIC, since ");
    assert_found(&operated, "accounts with refused credentials", &refused).await;

    let long_ago = now - SignedDuration::from_hours(8 * 24);
    for (code, at) in [("NEW\u{1b}", now), ("OLD", long_ago)] {
        let mut stored = notification(&order, at.as_millisecond()).unwrap();
        stored.unmapped = Some(UnmappedPlace::new(&client, at));
        code.clone_into(&mut stored.pushed_type);
        let identity = Identity::Event(code.to_owned());
        let notifications = start.notifications().unwrap();
        let stored = notifications.store(&order, &identity, &stored);
        let (Stored::New(key) | Stored::Before(key, _)) = stored.await.unwrap();
        let delivery = key.delivery(&"demo-sink".parse().unwrap());
        for record in attempted(at.as_millisecond(), &[DeliveryState::Failed]) {
            let deliveries = start.deliveries().unwrap();
            assert!(deliveries.put(&delivery, &record, 0).await.unwrap());
        }
    }
    let code = format!("1: {client}/CLICKPOST NEW\\u{{1b}}");
    assert_found(&operated, "unknown codes in the last 7 days", &code).await;
    let given_up = format!("1: {client}/demo-sink (1)");
    let what = "deliveries given up in the last 7 days";
    assert_found(&operated, what, &given_up).await;

    let desk = start.endpoints().unwrap();
    let id = "demo-sink".parse().unwrap();
    let endpoint = desk.endpoints.present(&client, &id).await.unwrap().unwrap();
    let disabled = Disabled {
        reason: DisabledReason::Gone,
        at: now,
    };
    let done = desk.endpoints.disable(&endpoint, disabled, &desk.versions);
    assert!(done.await.unwrap());
    let disabled = format!("1: {client}/demo-sink (GONE)");
    assert_found(&operated, "disabled webhook endpoints", &disabled).await;

    let healths = start.healths().unwrap();
    let key = EndpointKey {
        client_id: client.clone(),
        endpoint_id: id,
    };
    healths.fails(&key, now).await.unwrap();
    let suspension = Suspension {
        since: now,
        reason: SuspensionReason::Failing,
        lanes: 1,
        not_before: None,
        held_until: None,
        stage: Stage::Suspended,
    };
    let seen = healths.read(&key).await.unwrap();
    assert!(healths.suspend(&key, &seen, &suspension).await.unwrap());
    let suspended = format!("1: {client}/demo-sink");
    assert_found(&operated, "suspended webhook endpoints", &suspended).await;
}

#[tokio::test]
async fn a_keyring_that_kms_cannot_unwrap_is_found() {
    let operated = Operated::start().await;
    let mut running = operated.world.running_stack();
    running.sealing_keyring = "AAAA".to_owned();
    let file = operated.directory.path().join("stack.json");
    std::fs::write(file, serde_json::to_vec(&running).unwrap()).unwrap();
    let told = operated.told("doctor").await.unwrap();
    assert!(!told.is_well);
    let wrong = told.text.lines().find(|line| line.starts_with("WRONG"));
    assert!(wrong.unwrap().contains("keyring"), "{}", told.text);
}

#[test]
fn alarms_are_well_if_there_are_some_and_none_is_on() {
    let alarm = |name: &str, state: &str| json!({ "AlarmName": name, "StateValue": state });
    let judged = |alarms: &[Value]| {
        let described = json!({ "MetricAlarms": alarms, "CompositeAlarms": [] });
        alarms::judge(&described.to_string()).unwrap()
    };
    let quiet = [
        alarm("rms-Errors-1", "OK"),
        alarm("rms-Age-2", "INSUFFICIENT_DATA"),
    ];
    assert_eq!(judged(&quiet).state, State::Well);
    let on = judged(&[quiet[0].clone(), alarm("rms-Dead-3", "ALARM")]);
    assert_eq!(
        (on.state, on.found.as_str()),
        (State::Wrong, "on: rms-Dead-3")
    );
    assert_eq!(judged(&[]).state, State::Wrong);
    assert!(alarms::judge("Unable to locate credentials").is_err());
}

#[test]
fn the_doctor_knows_every_table_and_queue_of_the_template() {
    let template = Template::of_workspace().unwrap();
    let expected = EXPECTED_TABLES.iter().map(|table| {
        let indexes = table.indexes.iter().map(ToString::to_string);
        (
            table.logical_id.to_owned(),
            table.time_to_live.map(str::to_owned),
            indexes.collect::<Vec<_>>(),
        )
    });
    let found = template.tables.iter().map(|table| {
        let mut indexes: Vec<_> = table.indexes.iter().map(|one| one.name.clone()).collect();
        indexes.sort();
        (
            table.logical_id.clone(),
            table.time_to_live.clone(),
            indexes,
        )
    });
    assert_eq!(expected.collect::<Vec<_>>(), found.collect::<Vec<_>>());

    let with_dead_letters = template.queues.iter().filter_map(|queue| {
        let redrive = queue.redrive.as_ref()?;
        Some((queue.logical_id.as_str(), redrive.queue.as_str()))
    });
    let known = Source::ALL.map(|source| (source.queue(), source.dead_letters()));
    assert_eq!(with_dead_letters.collect::<Vec<_>>(), known);
}
