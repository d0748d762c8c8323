//! The log lines of a run.

use local::handler_world::Logged;

use crate::notification_resume::world::{HOUR, Stalled, now};

#[tokio::test]
async fn a_parked_delivery_is_logged_with_the_id_of_the_request_that_caused_it_and_the_run_with_its_own()
 {
    let stalled = Stalled::for_long(HOUR).await;
    stalled.park(0, 1, now() - HOUR).await;
    stalled.park(1, 1, now() - HOUR).await;
    let logged = Logged::from_now();
    stalled.run().await;
    for id in ["request-0-1", "request-1-1"] {
        let lines = logged.with("request_id", id).unwrap();
        let [line] = &lines[..] else {
            panic!("{lines:#?}")
        };
        assert_eq!(line["message"], "delivery attempted");
        assert_eq!(line["outcome"], "ACCEPTED");
        assert_eq!(line["endpoint_id"], "demo-sink");
    }
    let message = "delivery of the endpoint's backlog started";
    let started = logged.with("message", message).unwrap().remove(0);
    assert_eq!(started["endpoint_id"], "demo-sink");
    let run = started["request_id"].as_str().unwrap();
    assert_eq!(run.len(), "01a22250-1bc7-746f-bcbc-040fc772f1a6".len());
}
