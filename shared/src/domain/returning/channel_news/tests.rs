use proptest::prelude::*;

use super::*;
use crate::domain::returning::return_order::{ReturnItem, ReturnOrderType};
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::returning::timeline::ReturnTimeline;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn order(awb: Option<&str>) -> ReturnOrder {
    let item = ReturnItem {
        item_code: "1".parse().unwrap(),
        reason: "Torn".to_owned(),
        enable_door_step_qc: false,
        channel_sku_code: "SKU".to_owned(),
        name: None,
        brand: None,
        color: None,
        category: None,
        sub_category: None,
        serial_number: None,
        price: None,
        final_amount_paid: None,
        image_url: None,
        store_credits_used: None,
        sub_taxes: Vec::new(),
    };
    ReturnOrder {
        return_order_code: "RET1".parse().unwrap(),
        forward_order_code: "1042".parse().unwrap(),
        location_code: "wh-1".parse().unwrap(),
        return_order_time: None,
        return_order_status: None,
        expected_date: None,
        items: vec![item],
        order_type: ReturnOrderType::CustomerReturn,
        awb: awb.map(|awb| awb.parse().unwrap()),
        transporter: None,
        alias: None,
        currency_code: None,
        region_type: None,
        return_reason: None,
        seller_gstin: None,
        consignee_gstin: None,
        dimension: None,
        drop_address: None,
        pickup_address: None,
        order_details: None,
    }
}

fn step(second: Option<i64>, status: &str, meaning: StatusMeaning) -> ChannelReturnStep {
    ChannelReturnStep {
        at: second.map(at),
        status: status.to_owned(),
        meaning,
    }
}

fn request(awb: Option<&str>, steps: &[ChannelReturnStep]) -> ChannelReturn {
    ChannelReturn {
        order: order(awb),
        steps: steps.to_vec(),
    }
}

/// A return order that takes all that is to be done for a request.
#[derive(Debug, Default, Clone)]
struct Kept {
    order: Option<ReturnOrder>,
    events: Vec<DatedReturnEvent>,
}

impl Kept {
    fn known(&self) -> Option<ReturnSoFar<'_>> {
        self.order.as_ref().map(|order| ReturnSoFar {
            order,
            events: &self.events,
            has_learned_awb: false,
        })
    }

    fn take(&mut self, request: &ChannelReturn, now: i64) {
        loop {
            match judge(self.known(), request, at(now)) {
                ChannelNews::New => self.order = Some(request.order.clone()),
                ChannelNews::Awb(awb) => self.events.push(DatedReturnEvent {
                    at: at(now),
                    identity: "AWB".to_owned(),
                    event: ReturnEvent::AwbAssigned {
                        awb,
                        transporter: None,
                    },
                }),
                ChannelNews::Cancelled(event)
                | ChannelNews::Event(event)
                | ChannelNews::Unknown(event, _) => {
                    self.events.push(event);
                }
                ChannelNews::Nothing | ChannelNews::OfAnother => return,
            }
        }
    }

    fn timeline(&self) -> Option<ReturnTimeline> {
        let order = self.order.as_ref()?;
        Some(ReturnTimeline::of(order, at(0), &self.events, &[]))
    }

    /// A return order that does not exist is as good as a cancelled one.
    fn state(&self) -> ReturnOrderState {
        self.timeline()
            .map_or(ReturnOrderState::Cancelled, |timeline| timeline.state)
    }

    fn lines(&self) -> Vec<String> {
        let timeline = self.timeline().unwrap();
        let entries = timeline.entries.into_iter();
        entries.map(|entry| entry.event).collect()
    }
}

fn after(requests: &[ChannelReturn]) -> Kept {
    let mut kept = Kept::default();
    for (request, now) in requests.iter().zip(1_000..) {
        kept.take(request, now);
    }
    kept
}

#[test]
fn an_open_request_is_created_once_and_its_awb_follows() {
    let (first, later) = (request(None, &[]), request(Some("A1"), &[]));
    let kept = after(&[first.clone(), first.clone()]);
    assert_eq!(kept.lines(), ["CREATED"]);
    let kept = after(&[first, later.clone(), later]);
    assert_eq!(kept.state(), ReturnOrderState::AwbAssigned);
    assert_eq!(kept.lines(), ["CREATED", "AWB_ASSIGNED"]);
}

#[test]
fn an_awb_that_the_return_order_cannot_have_is_noted_once() {
    let mut kept = after(&[request(None, &[])]);
    let with_awb = request(Some("A1"), &[]);
    let news = judge(kept.known(), &with_awb, at(1));
    assert_eq!(news, ChannelNews::Awb("A1".parse().unwrap()));
    kept.events.push(refused_awb(&"A1".parse().unwrap(), at(1)));
    assert_eq!(judge(kept.known(), &with_awb, at(2)), ChannelNews::Nothing);
    assert_eq!(kept.lines(), ["CREATED", "AWB A1 not taken"]);
}

#[test]
fn the_code_of_a_return_of_another_order_is_left_alone() {
    let kept = after(&[request(None, &[])]);
    let mut other = request(Some("A1"), &[]);
    other.order.forward_order_code = "1043".parse().unwrap();
    assert_eq!(judge(kept.known(), &other, at(2)), ChannelNews::OfAnother);
}

#[test]
fn a_cancellation_that_came_too_late_is_noted() {
    let archived = step(Some(90), "ARCHIVED", StatusMeaning::Cancelled);
    let mut kept = after(&[request(None, &[])]);
    let closed = request(None, &[archived]);
    let ChannelNews::Cancelled(event) = judge(kept.known(), &closed, at(100)) else {
        panic!();
    };
    kept.events.push(too_late(&event));
    assert_eq!(kept.lines(), ["CREATED", "ARCHIVED"]);
    assert_eq!(judge(kept.known(), &closed, at(100)), ChannelNews::Nothing);
}

#[test]
fn a_request_that_was_missed_until_it_arrived_has_all_its_steps() {
    let received = step(Some(50), "RECEIVED", StatusMeaning::Received);
    let inspected = step(None, "INSPECTED", StatusMeaning::Noted);
    let odd = step(None, "Under_Review", StatusMeaning::Unknown);
    let kept = after(&[request(Some("A1"), &[received, inspected, odd])]);
    assert_eq!(kept.state(), ReturnOrderState::Received);
    let lines = kept.lines();
    assert_eq!(
        lines,
        [
            "CREATED",
            "AWB_ASSIGNED",
            "RECEIVED",
            "INSPECTED",
            "Under_Review"
        ]
    );
    assert_eq!(kept.events[0].at, at(50));
    assert_eq!(kept.events[1].at, at(1_000));
}

#[test]
fn a_request_that_ended_before_it_was_known_makes_no_return_order() {
    let rejected = step(Some(10), "REJECTED", StatusMeaning::Cancelled);
    assert!(after(&[request(None, &[rejected])]).order.is_none());
}

#[test]
fn a_request_is_cancelled_unless_the_goods_arrived() {
    let archived = step(Some(90), "ARCHIVED", StatusMeaning::Cancelled);
    let received = step(Some(50), "RECEIVED", StatusMeaning::Received);
    let open = request(None, &[]);
    let gone = after(&[open.clone(), request(None, std::slice::from_ref(&archived))]);
    assert_eq!(gone.lines(), ["CREATED", "CANCELLED"]);
    let both = request(None, &[received.clone(), archived.clone()]);
    for requests in [
        vec![both.clone()],
        vec![
            open.clone(),
            request(None, &[received]),
            request(None, std::slice::from_ref(&archived)),
        ],
        vec![open, both, request(None, &[archived])],
    ] {
        let kept = after(&requests);
        assert_eq!(kept.state(), ReturnOrderState::Received);
        assert!(kept.lines().contains(&"ARCHIVED".to_owned()));
        assert!(!kept.lines().contains(&"CANCELLED".to_owned()));
    }
}

#[test]
fn a_return_that_the_client_cancelled_stays_cancelled() {
    let mut kept = after(&[request(None, &[])]);
    kept.events.push(DatedReturnEvent {
        at: at(2_000),
        identity: "client".to_owned(),
        event: ReturnEvent::Cancelled,
    });
    kept.take(&request(Some("A1"), &[]), 3_000);
    let rejected = step(None, "REJECTED", StatusMeaning::Cancelled);
    kept.take(&request(Some("A1"), &[rejected]), 3_001);
    assert_eq!(kept.state(), ReturnOrderState::Cancelled);
    let lines = kept.lines();
    assert_eq!(lines.iter().filter(|line| *line == "CANCELLED").count(), 1);
}

/// What may happen to a request, in order: it arrives or not, is inspected and refunded, and is closed.
fn histories() -> impl Strategy<Value = Vec<ChannelReturn>> {
    let steps = (any::<[bool; 5]>(), any::<bool>()).prop_map(|(happens, has_awb)| {
        let all = [
            step(Some(10), "RECEIVED", StatusMeaning::Received),
            step(Some(20), "INSPECTED", StatusMeaning::Noted),
            step(Some(30), "REFUNDED", StatusMeaning::Noted),
            step(Some(40), "REJECTED", StatusMeaning::Cancelled),
            step(Some(50), "ARCHIVED", StatusMeaning::Cancelled),
        ];
        let steps = all.into_iter().zip(happens);
        let steps = steps.filter_map(|(step, happens)| happens.then_some(step));
        (steps.collect::<Vec<_>>(), has_awb.then_some("A1"))
    });
    steps.prop_map(|(steps, awb)| {
        let mut readings = vec![request(None, &[])];
        readings.extend((0..=steps.len()).map(|count| request(awb, &steps[..count])));
        readings
    })
}

proptest! {
    #[test]
    fn the_order_of_readings_and_repeats_make_no_difference(
        readings in histories(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let last = readings.last().unwrap().clone();
        let mut seen: Vec<_> = picks.iter().map(|pick| pick.get(&readings).clone()).collect();
        seen.push(last.clone());
        let (kept, alone) = (after(&seen), after(std::slice::from_ref(&last)));
        prop_assert_eq!(kept.state(), alone.state());
        if let (Some(kept), Some(alone)) = (kept.timeline(), alone.timeline()) {
            // A cancelled return order gets no AWB any more.
            prop_assert!(kept.awb == alone.awb || kept.state == ReturnOrderState::Cancelled);
        }
        prop_assert!(matches!(judge(kept.known(), &last, at(9_000)), ChannelNews::Nothing));
    }

    #[test]
    fn the_state_never_goes_back(
        readings in histories(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..12),
    ) {
        let mut kept = Kept::default();
        let mut before: Option<ReturnOrderState> = None;
        for (pick, now) in picks.iter().zip(1_000..) {
            kept.take(pick.get(&readings), now);
            let state = kept.timeline().map(|timeline| timeline.state);
            prop_assert!(state >= before, "{before:?} became {state:?}");
            before = state;
        }
    }
}
