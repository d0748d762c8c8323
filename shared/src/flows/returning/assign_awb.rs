//! Adds the AWB of a return order that was created without one.

use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::return_order::{ReturnOrder, ReturnOrderType};
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::text::Awb;
use crate::flows::failure::FlowFailure;
use crate::flows::returning::buy_awb::AWB_EVENT;
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::parcel::{pushing_accounts, register, taken};
use crate::flows::returning::read_return::{
    ABSENT, PresentReturn, ReturnSource, parcel_id, read_return,
};
use crate::store::returning::return_orders::Appended;

/// How often it is begun, if other requests change the same return order.
const MOST_TRIES: usize = 4;
/// The field of the AWB.
const AWB: &str = "/awbNumber";

/// An AWB with its courier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeAwb {
    /// The AWB.
    pub awb: Awb,
    /// The courier, if it is told.
    pub transporter: Option<String>,
}

/// Adds the AWB; returns the return order with it.
pub async fn assign_awb(
    request: ReturnRequest<'_>,
    code: &ReturnOrderCode,
    made: &MadeAwb,
) -> Result<PresentReturn, FlowFailure> {
    let client = &request.caller.client_id;
    let source = ReturnSource::of(request.dependencies);
    let read = async || {
        let found = read_return(source, client, code).await?;
        found.ok_or(FlowFailure::NotFound(ABSENT))
    };
    for _ in 0..MOST_TRIES {
        let found = read().await?;
        if found.timeline.awb.as_ref() == Some(&made.awb) {
            return Ok(found);
        }
        may_be_assigned(&found)?;
        if assign(request, &found, made).await? {
            return read().await;
        }
    }
    Err(FlowFailure::Contended)
}

fn may_be_assigned(found: &PresentReturn) -> Result<(), FlowFailure> {
    let refused = |detail: String| Err(FlowFailure::of_field(AWB, detail));
    match (found.timeline.state, &found.timeline.awb) {
        (ReturnOrderState::Cancelled, _) => Err(FlowFailure::ReturnCancelled),
        (_, Some(awb)) => refused(format!(
            "must be {awb}, the AWB that the return has already"
        )),
        (_, None) if found.is_awaiting_awb() => {
            refused("must be absent: RMS is buying the AWB of this return".to_owned())
        }
        (_, None) if found.stored.order.order_type == ReturnOrderType::SelfShip => {
            refused("must be absent: the customer ships a SELF_SHIP return without RMS".to_owned())
        }
        (_, None) => Ok(()),
    }
}

/// Writes the AWB; `false` if another request was faster.
async fn assign(
    request: ReturnRequest<'_>,
    found: &PresentReturn,
    made: &MadeAwb,
) -> Result<bool, FlowFailure> {
    let stored = &found.stored;
    let client = &request.caller.client_id;
    let id = parcel_id(client, &stored.order.return_order_code)?;
    let order = ReturnOrder {
        awb: Some(made.awb.clone()),
        transporter: made.transporter.clone(),
        ..stored.order.clone()
    };
    let accounts = pushing_accounts(request, order.alias.as_ref()).await?;
    let parcel = found.parcel.as_ref();
    let also = register(request, &id, &order, &found.mark(), &accounts, parcel)?;
    let event = DatedReturnEvent {
        at: request.now,
        identity: AWB_EVENT.to_owned(),
        event: ReturnEvent::AwbAssigned {
            awb: made.awb.clone(),
            transporter: made.transporter.clone(),
        },
    };
    let returns = &request.dependencies.returns;
    match returns.append(client, stored, &event, also).await? {
        Appended::Added | Appended::Known => Ok(true),
        Appended::Outdated => {
            let taken = taken(request, &id, &made.awb, &accounts).await?;
            taken.map_or(Ok(false), Err)
        }
    }
}
