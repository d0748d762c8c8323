//! Whether an account has a courier that takes returns: asked for between two cities that every courier serves.

use rust_decimal::Decimal;

use crate::aggregators::{Call, RecommendsCouriers};
use crate::domain::account::Region;
use crate::domain::courier::Route;
use crate::domain::form::AccountProblem;
use crate::domain::measure::{Centimetres, Grams, Parcel};
use crate::domain::money::{Amount, Currency};
use crate::domain::order::PaymentType;
use crate::domain::shipment::ShipmentType;

/// From New Delhi, where the customer is, to Bengaluru.
const PINCODES: [&str; 2] = ["110001", "560001"];

/// That no courier of the account takes returns, if the aggregator says so. Across borders nobody takes them, and an
/// aggregator that answers something else has said nothing about it.
pub async fn missing(
    call: Call<'_>,
    recommends: &dyn RecommendsCouriers,
) -> Option<AccountProblem> {
    if call.account.region == Region::International {
        return None;
    }
    let couriers = recommends.recommend(call, &sample()?).await.ok()?;
    couriers.is_empty().then(|| {
        let [from, to] = PINCODES;
        AccountProblem::general(format!(
            "no courier of the account takes returns, asked for {from} to {to}: return AWBs cannot be booked"
        ))
    })
}

/// A small parcel.
fn sample() -> Option<Route> {
    let centimetres = |value: u32| Centimetres::try_from(Decimal::from(value)).ok();
    let [pickup_pincode, drop_pincode] = PINCODES.map(str::to_owned);
    Some(Route {
        pickup_pincode,
        drop_pincode,
        payment: PaymentType::Prepaid,
        shipment_type: ShipmentType::Return,
        amount: Amount::try_from(Decimal::from(500)).ok()?,
        currency: Currency::INR,
        parcel: Some(Parcel {
            length: centimetres(20)?,
            breadth: centimetres(15)?,
            height: centimetres(5)?,
            weight: Grams::try_from(Decimal::from(500)).ok()?,
        }),
        lines: Vec::new(),
        pickup_country: None,
        drop_country: None,
        pickup: None,
        drop: None,
    })
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use futures::future::BoxFuture;

    use super::*;
    use crate::aggregators::failure::Failure;
    use crate::aggregators::workbench::Workbench;
    use crate::domain::courier::Recommendation;

    /// Recommends so many couriers; none is a failure.
    struct Recommending(Option<u32>);

    impl RecommendsCouriers for Recommending {
        fn recommend<'a>(
            &'a self,
            _call: Call<'a>,
            route: &'a Route,
        ) -> BoxFuture<'a, Result<Vec<Recommendation>, Failure>> {
            assert_eq!(route.shipment_type, ShipmentType::Return);
            let courier = |number: u32| Recommendation {
                courier: number.to_string().parse().unwrap(),
                name: "Delhivery".to_owned(),
                priority: Decimal::ONE,
            };
            let answer = match self.0 {
                Some(count) => Ok((0..count).map(courier).collect()),
                None => Err(Failure::Unreachable),
            };
            async { answer }.boxed()
        }
    }

    #[tokio::test]
    async fn only_who_says_that_nobody_takes_returns_has_said_so() {
        let bench = Workbench::start("CLICKPOST", &[]).await;
        let found = async |count| missing(bench.call(), &Recommending(count)).await;
        assert!(
            found(Some(0))
                .await
                .unwrap()
                .detail
                .contains("takes returns")
        );
        assert_eq!(found(Some(1)).await, None);
        assert_eq!(found(None).await, None);
    }
}
