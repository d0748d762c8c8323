//! A parked message that corrects an earlier one.

use local::handler_world::stored::correction;
use logistics::store::delivering::parked::{Parked, ParkedDelivery};

use crate::notification_resume::world::{HOUR, Stalled, now};

#[tokio::test]
async fn a_parked_correction_still_says_that_it_is_one() {
    let stalled = Stalled::for_long(HOUR).await;
    let accepted_at = now();
    stalled.park(0, 1, accepted_at).await;
    let (key, stored) = correction("demo", "R1", accepted_at, "\"corrected\"").unwrap();
    let messages = stalled.app().resumer.attempting.messages;
    assert!(messages.put(&key, &stored).await.unwrap().is_none());
    let record = key.delivery(&stalled.endpoint.endpoint_id);
    let parked = Parked {
        key: stalled.lane(0).place("2"),
        delivery: ParkedDelivery::new(&record, accepted_at, 0, false),
    };
    stalled.parked.put(&parked).await.unwrap();
    stalled.run().await;
    let received = stalled.world.sink.received().into_iter();
    let said: Vec<_> = received
        .map(|request| (request.body, request.headers.get("rms-correction").cloned()))
        .collect();
    assert_eq!(
        said,
        [
            ("\"0-1\"".to_owned(), None),
            ("\"corrected\"".to_owned(), Some("true".to_owned()))
        ]
    );
}
