//! Finds the return order of a parcel that no push told of before.
//!
//! A return order without an AWB has no parcel on record. The first push that names its code finds it with one read;
//! the parcel is then recorded with what the return order says, so later pushes need no further read.

use crate::domain::account::LogisticAccount;
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::returning::mark::ReturnMark;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Text;
use crate::flows::notifying::resolve_shipment::Resolved;
use crate::store::failure::StoreFailure;
use crate::store::returning::return_orders::ReturnOrders;

/// Adds what the return order says, if there is one.
pub(in crate::flows::notifying) async fn find_return(
    returns: &ReturnOrders,
    account: &LogisticAccount,
    resolved: &mut Resolved,
) -> Result<(), StoreFailure> {
    let id = &resolved.id;
    let may_be_announced = resolved.moving.is_none()
        && id.shipment_type == ShipmentType::Return
        && id.shipment_code.is_none();
    let code: Option<ReturnOrderCode> = Text::stored(id.order_number.as_str()).ok();
    let Some(code) = code.filter(|_| may_be_announced) else {
        return Ok(());
    };
    let Some(known) = returns.order(&account.client_id, &code).await? else {
        return Ok(());
    };
    let forward = resolved.forward.as_ref().map(|forward| &forward.facts);
    let mark = ReturnMark::of(&known.order, forward);
    resolved.announced = known.order.parcel(known.created_at, account, mark).ok();
    Ok(())
}
