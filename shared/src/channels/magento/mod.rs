//! Magento 2 and Adobe Commerce: a shop whose orders RMS reads and changes through its REST API.
//!
//! | file | |
//! |---|---|
//! | `account` | the fields of its accounts, how one authenticates, and the check |
//! | `call` | URLs and queries |
//! | `sign` | OAuth 1.0a signatures |
//! | `session` | authenticated calls, tokens of admins and of Adobe's cloud service |
//! | `refusal` | refusals, with their placeholders filled in |
//! | `wire` | the shop's JSON |
//! | `read` | reads an order, or its status |
//! | `list`, `search`, `find_broken` | lists orders; the shop's query; the order that breaks a list |
//! | `order`, `items` | a shop's order → ours |
//! | `fulfilment` | how far an order is, and which of its rows invoices and shipments take |
//! | `acknowledge`, `cancel`, `invoice`, `ship`, `hand_over`, `label` | change an order, and read what the shop then has |
//! | `documents` | what the calls about invoices and shipments have in common |
//! | `inventory` | sets the stock of articles, by source or article by article |
//!
//! It sends no webhooks.

mod account;
mod acknowledge;
mod call;
mod cancel;
mod documents;
mod find_broken;
mod fulfilment;
mod hand_over;
mod inventory;
mod invoice;
mod items;
mod label;
mod list;
mod order;
mod read;
mod refusal;
mod search;
mod session;
mod ship;
mod sign;
#[cfg(test)]
mod tests;
mod wire;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use crate::channels::call::ChannelCall;
use crate::channels::fulfils_orders::{Called, FulfilsOrders};
use crate::channels::{ConfiguresChannel, KeepsOrders, KeepsStock, RegistersChannel, StockOutcome};
use crate::domain::account::ChannelAccount;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::fulfilment::Fulfilment;
use crate::domain::selling::handover::HandoverRequest;
use crate::domain::selling::invoice::{ChannelInvoice, ChannelInvoiceRequest};
use crate::domain::selling::listing::{OrderPage, OrderQuery, OrderSource, SourcePage};
use crate::domain::selling::order::{OrderStatus, ShopOrder, UnusableOrder};
use crate::domain::selling::shipment::{ChannelShipment, ChannelShipmentRequest};
use crate::domain::selling::stock::WantedStock;
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;

/// The adapter.
#[derive(Debug)]
pub struct Magento;

impl RegistersChannel for Magento {
    fn name(&self) -> &'static str {
        "MAGENTO"
    }

    fn polls_orders(&self, account: &ChannelAccount) -> bool {
        account::polls_orders(account)
    }
}

impl ConfiguresChannel for Magento {
    fn form(&self) -> &'static AccountForm {
        &account::FORM
    }

    fn sends_hooks(&self) -> bool {
        false
    }

    fn wrong_fields(&self, account: &ChannelAccount) -> Vec<WrongField> {
        account::wrong_fields(account)
    }

    fn check<'a>(
        &'a self,
        call: ChannelCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>> {
        account::check::check(call).boxed()
    }
}

impl KeepsOrders for Magento {
    fn read_order<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelOrderId,
    ) -> BoxFuture<'a, Result<Option<ShopOrder>, PartnerFailure>> {
        read::order(call, id).boxed()
    }

    fn read_status<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelOrderId,
    ) -> BoxFuture<'a, Result<Option<OrderStatus>, PartnerFailure>> {
        read::status(call, id).boxed()
    }

    fn list_orders<'a>(
        &'a self,
        call: ChannelCall<'a>,
        query: &'a OrderQuery,
    ) -> BoxFuture<'a, Result<OrderPage, PartnerFailure>> {
        list::orders(call, query).boxed()
    }

    fn list_sources<'a>(
        &'a self,
        call: ChannelCall<'a>,
        query: &'a OrderQuery,
    ) -> BoxFuture<'a, Result<SourcePage, PartnerFailure>> {
        list::sources(call, query).boxed()
    }

    fn read_source(
        &self,
        account: &ChannelAccount,
        source: &OrderSource,
    ) -> Result<ShopOrder, UnusableOrder> {
        order::read(account, source.text.expose())
    }
}

impl FulfilsOrders for Magento {
    fn read_fulfilment<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, Option<Fulfilment>> {
        fulfilment::read(call, order).boxed()
    }

    fn acknowledge<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, ()> {
        acknowledge::acknowledge(call, order).boxed()
    }

    fn cancel<'a>(&'a self, call: ChannelCall<'a>, order: &'a ChannelOrderId) -> Called<'a, ()> {
        cancel::cancel(call, order).boxed()
    }

    fn create_invoice<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
        invoice: &'a ChannelInvoiceRequest,
    ) -> Called<'a, ChannelDocumentId> {
        invoice::create(call, order, invoice).boxed()
    }

    fn list_invoices<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, Vec<ChannelInvoice>> {
        invoice::list(call, order).boxed()
    }

    fn create_shipment<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
        shipment: &'a ChannelShipmentRequest,
    ) -> Called<'a, ChannelDocumentId> {
        ship::create(call, order, shipment).boxed()
    }

    fn hand_over<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
        handover: &'a HandoverRequest,
    ) -> Called<'a, ChannelDocumentId> {
        hand_over::hand_over(call, order, handover).boxed()
    }

    fn list_shipments<'a>(
        &'a self,
        call: ChannelCall<'a>,
        order: &'a ChannelOrderId,
    ) -> Called<'a, Vec<ChannelShipment>> {
        ship::list(call, order).boxed()
    }

    fn read_shipment<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelDocumentId,
    ) -> Called<'a, Option<ChannelShipment>> {
        ship::read(call, id).boxed()
    }

    fn read_label<'a>(
        &'a self,
        call: ChannelCall<'a>,
        id: &'a ChannelDocumentId,
    ) -> Called<'a, Option<Vec<u8>>> {
        label::read(call, id).boxed()
    }
}

impl KeepsStock for Magento {
    fn set_stock<'a>(
        &'a self,
        call: ChannelCall<'a>,
        items: &'a [WantedStock],
    ) -> BoxFuture<'a, Result<Vec<StockOutcome>, PartnerFailure>> {
        inventory::set(call, items).boxed()
    }
}
