//! `cargo local top` shows what the functions did and which alarms fire.

use local::stack::{Options, Stack, metrics_of};
use local::top;
use serde_json::Value;

use crate::demo;
use crate::events::event;
use crate::patience::PATIENCE;

#[tokio::test]
async fn a_push_with_an_unknown_code_is_counted_shown_and_alarms() {
    let directory = tempfile::tempdir().unwrap();
    let published = directory.path().join("stack.json");
    let stack = Stack::start(Options {
        publish: Some(published.clone()),
        ..Options::default()
    })
    .await
    .unwrap();
    let http = simulators::http_client::client().unwrap();
    let before = metrics_of(&published).await.unwrap();
    assert!(!before.alarm("UnmappedAlarm").unwrap().fires);
    for pushed in [event("A-1", "SHIPPED"), event("A-1", "BRAND_NEW")] {
        let request = demo::push(&stack, &http, "magic", &pushed);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    stack.sink().unwrap().wait_for(1, PATIENCE).await.unwrap();
    let counted = async {
        loop {
            let metrics = metrics_of(&published).await.unwrap();
            if metrics.total("DeliveryAge").is_some() && metrics.total("Unmapped").is_some() {
                break metrics;
            }
        }
    };
    let metrics = tokio::time::timeout(PATIENCE, counted).await.unwrap();
    let alarm = metrics.alarm("UnmappedAlarm").unwrap();
    assert_eq!((alarm.fires, alarm.value), (true, Some(1.0)));
    let shown = top::once(&published).await.unwrap();
    assert!(shown.contains("UnmappedAlarm"), "{shown}");
    let (_, all) = shown.rsplit_once("\nmetrics ").unwrap();
    let all: Value = serde_json::from_str(all).unwrap();
    for name in ["Accepted", "Sent", "Unmapped{partner=RMS_MAGIC}"] {
        assert_eq!(all[name]["sum"], 1.0, "{name}: {shown}");
    }
    let calls = "AWS/Lambda/Duration{FunctionName=notification-push}";
    assert_eq!(all[calls]["count"], 2, "{shown}");

    // A file is no terminal: the text is there once, without a terminal's control characters.
    let file = directory.path().join("shown");
    let to_file = std::fs::File::create(&file).unwrap();
    let ended = top::show(&published, false, to_file);
    let ended = tokio::time::timeout(PATIENCE, ended).await.unwrap();
    ended.unwrap();
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("UnmappedAlarm"), "{written}");
    assert!(!written.contains('\x1b'), "{written}");
}
