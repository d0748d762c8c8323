//! The role of a channel in which RMS fulfils orders: it acknowledges, cancels, invoices and ships them.

use futures::future::BoxFuture;

use crate::channels::RegistersChannel;
use crate::channels::call::ChannelCall;
use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::fulfilment::Fulfilment;
use crate::domain::selling::handover::HandoverRequest;
use crate::domain::selling::invoice::{ChannelInvoice, ChannelInvoiceRequest};
use crate::domain::selling::shipment::{ChannelShipment, ChannelShipmentRequest};
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;

/// The result of a call to a channel.
pub type Called<'a, T> = BoxFuture<'a, Result<T, PartnerFailure>>;

/// A channel whose orders RMS fulfils.
///
/// Each method is one call, or reads only: what is sent, read back and repeated in which order is decided by
/// `flows/channelling/change_order/`. A call that changes something is never repeated by an adapter, and an unclear response to it
/// is [`PartnerFailure::OutcomeUnknown`]. The items of a request are the rows of [`Fulfilment`].
pub trait FulfilsOrders: RegistersChannel {
    /// How far an order is; `None` if the channel has no such order.
    fn read_fulfilment<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, Option<Fulfilment>>;

    /// Gives an order the status of an acknowledged one. That it was sent does not mean that the channel did it.
    fn acknowledge<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, ()>;

    /// Cancels an order, as far as it is not fulfilled. That it was sent does not mean that the channel did it.
    fn cancel<'a>(&'a self, call: ChannelCall<'a>, order: &'a ChannelOrderId) -> Called<'a, ()>;

    /// Creates an invoice.
    fn create_invoice<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
        invoice: &'a ChannelInvoiceRequest,
    ) -> Called<'a, ChannelDocumentId>;

    /// The invoices of an order.
    fn list_invoices<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, Vec<ChannelInvoice>>;

    /// Creates a shipment; the order's status stays as it is.
    fn create_shipment<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
        shipment: &'a ChannelShipmentRequest,
    ) -> Called<'a, ChannelDocumentId>;

    /// Hands an order over: it counts as shipped.
    fn hand_over<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
        handover: &'a HandoverRequest,
    ) -> Called<'a, ChannelDocumentId>;

    /// The shipments and handovers of an order.
    fn list_shipments<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, Vec<ChannelShipment>>;

    /// A shipment; `None` if the channel has no such shipment.
    fn read_shipment<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelDocumentId,
    ) -> Called<'a, Option<ChannelShipment>>;

    /// The label of a shipment as a PDF; `None` if it has none, or the channel has no such shipment.
    fn read_label<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelDocumentId,
    ) -> Called<'a, Option<Vec<u8>>>;
}
