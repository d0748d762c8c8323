//! The parcel of a return order whose AWB was made without RMS: the writes that let pushes find it.

use uuid::Uuid;

use crate::domain::account::LogisticAccount;
use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::facts::ShipmentFacts;
use crate::domain::returning::mark::ReturnMark;
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorName, Awb};
use crate::flows::failure::FlowFailure;
use crate::flows::returning::dependencies::ReturnRequest;
use crate::store::transaction::Part;

/// The field of an AWB in a request.
const AWB: &str = "/awbNumber";

/// The accounts that may push the parcel of a return order: the named one, otherwise all.
pub(super) async fn pushing_accounts(
    request: ReturnRequest<'_>,
    named: Option<&AccountAlias>,
) -> Result<Vec<LogisticAccount>, FlowFailure> {
    let accounts = &request.dependencies.purchase.booking.accounts;
    let mut all = accounts.all(&request.caller.client_id).await?;
    let Some(named) = named else {
        return Ok(all);
    };
    all.retain(|account| account.alias == *named);
    if all.is_empty() {
        return Err(FlowFailure::UnknownAlias("account not found"));
    }
    Ok(all)
}

/// The account of a return order, if it can only be one.
pub(super) fn only_account(
    accounts: &[LogisticAccount],
) -> Option<(&AccountAlias, &AggregatorName)> {
    match accounts {
        [only] => Some((&only.alias, &only.aggregator)),
        _ => None,
    }
}

/// The writes of the parcel of an order with an AWB; none if the client has no account, so that nobody can push it.
/// `met` is the present record of the parcel.
pub(super) fn register(
    request: ReturnRequest<'_>,
    id: &ShipmentId,
    order: &ReturnOrder,
    mark: &ReturnMark,
    accounts: &[LogisticAccount],
    met: Option<&ShipmentRecord>,
) -> Result<Vec<Part>, FlowFailure> {
    let (Some(awb), Some(first)) = (&order.awb, accounts.first()) else {
        return Ok(Vec::new());
    };
    let shipments = request.dependencies.shipments();
    let met = match met {
        None => None,
        Some(met) => match use_of(met, awb)? {
            MetParcel::Replaced => Some(met),
            // `POST /return-awbs` bought it: RMS may cancel it.
            MetParcel::Kept => return Ok(shipments.mark(id, met, &mark.clone().bought())?),
        },
    };
    let facts = order
        .parcel(request.now, first, mark.clone())
        .map_err(|error| FlowFailure::of_field("/returnOrderCode", error.to_string()))?;
    let holder = Uuid::now_v7().to_string();
    let record = ShipmentRecord::registered(facts, holder, met);
    let aliases: Vec<_> = accounts
        .iter()
        .map(|account| account.alias.clone())
        .collect();
    let seen = met.map(ShipmentRecord::seen);
    Ok(shipments.register(id, &record, seen, &aliases)?)
}

/// What becomes of the present record of a parcel.
enum MetParcel {
    /// Nothing was bought for it: the registered AWB replaces it.
    Replaced,
    /// It has this AWB.
    Kept,
}

fn use_of(met: &ShipmentRecord, awb: &Awb) -> Result<MetParcel, FlowFailure> {
    match met.standing {
        Standing::Observed | Standing::Cancelled => Ok(MetParcel::Replaced),
        Standing::Released if met.progress.is_empty() => Ok(MetParcel::Replaced),
        Standing::Booked if met.facts.awb.as_ref() == Some(awb) => Ok(MetParcel::Kept),
        Standing::Booked => Err(FlowFailure::of_field(
            AWB,
            match &met.facts.awb {
                Some(other) => format!("must be {other}, the return AWB that the code has already"),
                None => "must be the return AWB that the code has already".to_owned(),
            },
        )),
        Standing::Released
        | Standing::Claimed
        | Standing::Uncertain
        | Standing::Pending
        | Standing::Ordered => Err(FlowFailure::of_field(
            AWB,
            "must be absent: RMS is buying a return AWB for this code".to_owned(),
        )),
    }
}

/// The failure of a registration that could not be written, if another order has the AWB.
pub(super) async fn taken(
    request: ReturnRequest<'_>,
    id: &ShipmentId,
    awb: &Awb,
    accounts: &[LogisticAccount],
) -> Result<Option<FlowFailure>, FlowFailure> {
    let client = &request.caller.client_id;
    let known = request.dependencies.shipments().by_awb(client, awb).await?;
    let is_another = |facts: &&ShipmentFacts| {
        facts.shipment_type == id.shipment_type
            && facts.order_number != id.order_number
            && accounts.iter().any(|account| account.alias == facts.alias)
    };
    let other = known.iter().find(is_another);
    Ok(other.map(|other| {
        let detail = format!("belongs to the return {}", other.order_number);
        FlowFailure::of_field(AWB, detail)
    }))
}
