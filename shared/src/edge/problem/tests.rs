//! Error responses.

use std::time::Duration;

use crate::contract::fields::Violation;
use crate::domain::given_id::{GivenId, TakenId};
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::edge::problem::Problem;
use crate::edge::problem::kind::ProblemKind;
use crate::flows::channel_failure::ChannelFailure;
use crate::flows::failure::FlowFailure;
use crate::outbound::client::{Limits, Outbound, OutboundRequest};
use crate::outbound::target::AllowedTargets;
use crate::partners::failure::Refusal;
use crate::store::failure::StoreFailure;

#[test]
fn the_type_of_a_problem_links_to_its_section() {
    let response =
        Problem::new(ProblemKind::OutcomeUnknown, "a label may exist").into_response("id-1");
    assert_eq!(response.status(), 504);
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert!(
        body["type"]
            .as_str()
            .unwrap()
            .ends_with("docs/errors.md#outcome-unknown")
    );
    assert_eq!(body["instance"], "id-1");
}

#[test]
fn a_retry_after_is_in_whole_seconds_from_1_to_900() {
    for (wait, told) in [
        (Duration::ZERO, "1"),
        (Duration::from_millis(1500), "2"),
        (Duration::from_hours(24), "900"),
        (Duration::MAX, "900"),
    ] {
        let response = Problem::from(FlowFailure::InProgress(wait)).into_response("id");
        assert_eq!(response.headers()["retry-after"], told);
    }
}

#[tokio::test]
async fn a_partner_that_was_not_reached_is_answered_with_the_cause_and_without_its_address() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    drop(listener);
    let unsent = async || {
        let outbound = Outbound::new(AllowedTargets::parse(&authority)).unwrap();
        let request = OutboundRequest {
            method: reqwest::Method::GET,
            url: format!("http://{authority}/").parse().unwrap(),
            headers: reqwest::header::HeaderMap::new(),
            body: None,
        };
        let limits = Limits {
            total: Duration::from_secs(10),
            most_bytes: 1,
        };
        let failure = outbound.send(request, limits).await.unwrap_err();
        crate::flows::failure::Cause::from(failure)
    };
    let body = |failure: FlowFailure| -> serde_json::Value {
        serde_json::from_slice(Problem::from(failure).into_response("id").body()).unwrap()
    };
    let channel = ChannelFailure::Unavailable(None, Some(unsent().await));
    for failure in [
        FlowFailure::AggregatorUnavailable(None, Some(unsent().await)),
        FlowFailure::Channel(channel),
    ] {
        let body = body(failure);
        assert_eq!(body["cause"], "CONNECTION_REFUSED");
        assert!(!body.to_string().contains(&authority), "{body}");
    }
    let throttled = FlowFailure::AggregatorUnavailable(Some(Duration::from_secs(7)), None);
    assert_eq!(body(throttled).get("cause"), None);
}

#[test]
fn a_refusal_contains_the_aggregator_s_own_words() {
    let refusal = Refusal {
        code: Some("E17".to_owned()),
        message: Some("no courier goes there".to_owned()),
    };
    let failure = FlowFailure::Refused("OTHER".parse().unwrap(), refusal);
    let response = Problem::from(failure).into_response("id");
    assert_eq!(response.status(), 422);
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        body["aggregator"],
        serde_json::json!({"name": "OTHER", "code": "E17", "message": "no courier goes there"})
    );
}

#[test]
fn an_id_of_another_order_names_both_orders_in_the_response_and_in_the_log() {
    let order = |number: &str| ShipmentId {
        client_id: "demo".parse().unwrap(),
        shipment_type: ShipmentType::Forward,
        order_number: number.parse().unwrap(),
        shipment_code: None,
    };
    let taken = TakenId {
        given: GivenId::Awb("71902671".parse().unwrap()),
        to: order("A-2"),
        of: order("A-1"),
    };
    let problem = Problem::from(FlowFailure::IdTaken(Box::new(taken)));
    let said = "the aggregator gave the AWB 71902671 to order A-2, but order A-1 has it";
    let cause = format!("the outcome is unknown: {said}");
    assert_eq!(problem.cause(), Some(cause.as_str()));
    let response = problem.into_response("id");
    assert_eq!(response.status(), 504);
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    let detail = body["detail"].as_str().unwrap();
    assert!(detail.starts_with(said), "{detail}");
}

#[test]
fn a_second_result_and_a_cancelled_return_are_told_apart() {
    let item = Violation {
        pointer: "/orderItems/0/qcStatus".to_owned(),
        detail: "is PASS already".to_owned(),
    };
    let response = Problem::from(FlowFailure::AlreadyProcessed(vec![item])).into_response("id");
    assert_eq!(response.status(), 422);
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert!(
        body["type"]
            .as_str()
            .unwrap()
            .ends_with("#already-processed")
    );
    assert_eq!(body["errors"][0]["pointer"], "/orderItems/0/qcStatus");
    let response = Problem::from(FlowFailure::ReturnCancelled).into_response("id");
    assert_eq!(response.status(), 422);
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert!(
        body["type"]
            .as_str()
            .unwrap()
            .ends_with("#return-cancelled")
    );
}

#[test]
fn what_is_kept_of_a_refusal_has_the_name_of_the_problem_that_was_answered() {
    let refused = FlowFailure::Refused("OTHER".parse().unwrap(), Refusal::default());
    for failure in [
        refused,
        FlowFailure::Invalid(Vec::new()),
        FlowFailure::NotSupported("no"),
        FlowFailure::NotConfigured("labelUrl"),
        FlowFailure::BadCredentials,
        FlowFailure::AggregatorUnreadable(None),
        FlowFailure::AggregatorUnavailable(None, None),
        FlowFailure::OutcomeUnknown(None),
        FlowFailure::Store(StoreFailure::MissingItem),
    ] {
        let kept = serde_json::to_value(failure.refusal_kind()).unwrap();
        assert_eq!(kept, Problem::from(failure).kind().slug());
    }
}
