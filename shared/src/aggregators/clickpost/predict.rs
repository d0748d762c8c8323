//! Predicts when the couriers of a domestic route deliver: the request and the response.

use jiff::civil::Date;
use serde_json::Value;

use crate::aggregators::address::pincodes_within_india;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::clickpost::call::predictions;
use crate::aggregators::clickpost::refusal::{DONE, NOT_SUBSCRIBED, accept};
use crate::aggregators::clickpost::wire::PredictedRoute;
use crate::aggregators::clickpost::wire::answer::ClickpostAnswer;
use crate::aggregators::predictions::DatesByCourier;
use crate::aggregators::quotes::TransitDays;
use crate::aggregators::{india, instants};
use crate::domain::courier::Route;
use crate::domain::quote::DeliveryDates;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::CourierId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};
use crate::partners::violations::Violations;

/// An account without the service gets HTTP 401, which says nothing about its credentials.
const PREDICT: Operation = Operation {
    judged: &[401],
    ..Operation::reads("predict")
};

/// The dates by courier. A return is not asked about: the service is made for shops that show when an order arrives.
pub(super) async fn predict(
    call: AggregatorCall<'_>,
    route: &Route,
) -> Result<DatesByCourier, PartnerFailure> {
    if route.shipment_type == ShipmentType::Return {
        return Ok(DatesByCourier::new());
    }
    let request = predictions(call.partner.account, &question(route)?)?;
    let answered = exchange(call.partner, PREDICT, request).await?;
    let today = india::day(call.partner.now);
    answered.read(|reply| {
        let answer = accept(reply, &[DONE, NOT_SUBSCRIBED], PREDICT)?;
        Ok(dates(&answer, today))
    })
}

/// The request: a list with one entry.
fn question(route: &Route) -> Result<[PredictedRoute; 1], PartnerFailure> {
    let mut violations = Violations::default();
    let pincodes = pincodes_within_india(route, &mut violations);
    violations.unless_any(pincodes.map(|[pickup_pincode, drop_pincode]| {
        [PredictedRoute {
            pickup_pincode,
            drop_pincode,
        }]
    }))
}

/// The dates of each courier in `all_map`: the days after the pickup, from the fewest to the most. The days beside the map
/// are those of all couriers together. Without the day of the pickup the days have no dates.
pub(super) fn dates(answer: &ClickpostAnswer, today: Date) -> DatesByCourier {
    let predicted = answer.result().and_then(|result| result.get(0));
    predicted
        .and_then(|predicted| by_courier(predicted, today))
        .unwrap_or_default()
}

fn by_courier(predicted: &Value, today: Date) -> Option<DatesByCourier> {
    let pickup = instants::date(predicted.get("pickup_date")?.as_str()?)?;
    let couriers = predicted.get("all_map")?.as_object()?;
    let dates = couriers.iter().filter_map(|(courier, days)| {
        let courier: CourierId = courier.parse().ok()?;
        Some((courier, after_pickup(pickup, days, today)?))
    });
    Some(dates.collect())
}

fn after_pickup(pickup: Date, days: &Value, today: Date) -> Option<DeliveryDates> {
    let [fewest, most] = days.as_array()?.as_slice() else {
        return None;
    };
    TransitDays::between(fewest, most)?.after(pickup, today)
}
