//! The routes below `/V1`, with the call and the ACL resource of each.

use http::Method;
use serde_json::Value;

use crate::calls::VendorRequest;
use crate::magento::refusal::Refusal;
use crate::magento::shop::Shop;
use crate::magento::{inventory, invoices, orders, shipments};

/// One route with the ids of its path.
pub(super) enum Route {
    ListOrders,
    SaveOrder,
    GetOrder(u64),
    Statuses(u64),
    Comment(u64),
    Cancel(u64),
    CreateInvoice(u64),
    ListInvoices,
    CreateShipment,
    ListShipments,
    Track,
    Ship(u64),
    GetShipment(u64),
    Label(u64),
    PutSourceItems,
    ListSourceItems,
    ListSources,
    Salable(String),
    GetStockItem(String),
    PutStockItem(String, u64),
}

impl Route {
    /// The route of a decoded path; a slash inside a SKU is one more part, so that such a SKU has no route.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let id = |part: &str| part.parse::<u64>().ok();
        Some(match (method.as_str(), parts.as_slice()) {
            ("GET", ["orders"]) => Self::ListOrders,
            ("POST", ["orders"]) => Self::SaveOrder,
            ("GET", ["orders", order]) => Self::GetOrder(id(order)?),
            ("GET", ["orders", order, "statuses"]) => Self::Statuses(id(order)?),
            ("POST", ["orders", order, "comments"]) => Self::Comment(id(order)?),
            ("POST", ["orders", order, "cancel"]) => Self::Cancel(id(order)?),
            ("POST", ["order", order, "invoice"]) => Self::CreateInvoice(id(order)?),
            ("POST", ["order", order, "ship"]) => Self::Ship(id(order)?),
            ("GET", ["invoices"]) => Self::ListInvoices,
            ("POST", ["shipment"]) => Self::CreateShipment,
            ("GET", ["shipments"]) => Self::ListShipments,
            ("POST", ["shipment", "track"]) => Self::Track,
            ("GET", ["shipment", shipment]) => Self::GetShipment(id(shipment)?),
            ("GET", ["shipment", shipment, "label"]) => Self::Label(id(shipment)?),
            ("POST", ["inventory", "source-items"]) => Self::PutSourceItems,
            ("GET", ["inventory", "source-items"]) => Self::ListSourceItems,
            ("GET", ["inventory", "sources"]) => Self::ListSources,
            ("GET", ["inventory", "get-product-salable-quantity", sku, _stock]) => {
                Self::Salable((*sku).to_owned())
            }
            ("GET", ["stockItems", sku]) => Self::GetStockItem((*sku).to_owned()),
            ("PUT", ["products", sku, "stockItems", item]) => {
                Self::PutStockItem((*sku).to_owned(), id(item)?)
            }
            _ => return None,
        })
    }

    /// The call's name in a fault plan.
    pub(super) fn call(&self) -> &'static str {
        match self {
            Self::ListOrders => "listOrders",
            Self::SaveOrder => "",
            Self::GetOrder(_) | Self::Statuses(_) => "getOrder",
            Self::Comment(_) => "comment",
            Self::Cancel(_) => "cancel",
            Self::CreateInvoice(_) => "createInvoice",
            Self::ListInvoices => "listInvoices",
            Self::CreateShipment | Self::Track => "createShipment",
            Self::Ship(_) => "ship",
            Self::ListShipments | Self::GetShipment(_) | Self::Label(_) => "getShipment",
            Self::PutSourceItems | Self::ListSourceItems | Self::ListSources => "sourceItems",
            Self::Salable(_) | Self::GetStockItem(_) | Self::PutStockItem(_, _) => "stockItem",
        }
    }

    /// The right that the call needs.
    pub(super) fn resource(&self) -> &'static str {
        match self {
            Self::ListOrders | Self::GetOrder(_) | Self::Statuses(_) => {
                "Magento_Sales::actions_view"
            }
            Self::SaveOrder => "Magento_Sales::create",
            Self::Comment(_) => "Magento_Sales::comment",
            Self::Cancel(_) => "Magento_Sales::cancel",
            Self::CreateInvoice(_) | Self::ListInvoices => "Magento_Sales::sales_invoice",
            Self::CreateShipment
            | Self::ListShipments
            | Self::Track
            | Self::Ship(_)
            | Self::GetShipment(_)
            | Self::Label(_) => "Magento_Sales::shipment",
            Self::PutSourceItems | Self::ListSourceItems | Self::ListSources => {
                "Magento_InventoryApi::source"
            }
            Self::Salable(_) => "Magento_InventorySalesApi::stock",
            Self::GetStockItem(_) | Self::PutStockItem(_, _) => {
                "Magento_CatalogInventory::cataloginventory"
            }
        }
    }

    pub(super) fn answer(
        &self,
        shop: &mut Shop,
        request: &VendorRequest,
    ) -> Result<Value, Refusal> {
        let body = || request.body();
        match self {
            Self::ListOrders => orders::list(shop, request.uri()),
            Self::SaveOrder => orders::save(shop, body()),
            Self::GetOrder(id) => orders::read(shop, *id),
            Self::Statuses(id) => orders::status(shop, *id),
            Self::Comment(id) => orders::comment(shop, *id, body()),
            Self::Cancel(id) => orders::cancel(shop, *id),
            Self::CreateInvoice(id) => invoices::create(shop, *id, body()),
            Self::ListInvoices => invoices::list(shop, request.uri()),
            Self::CreateShipment => shipments::create(shop, body()),
            Self::ListShipments => shipments::list(shop, request.uri()),
            Self::Track => shipments::track(shop, body()),
            Self::Ship(id) => shipments::ship(shop, *id, body()),
            Self::GetShipment(id) => shipments::read(shop, *id),
            Self::Label(id) => shipments::label(shop, *id),
            Self::PutSourceItems => inventory::save_source_items(shop, body()),
            Self::ListSourceItems => inventory::list_source_items(shop, request.uri()),
            Self::ListSources => inventory::list_sources(shop, request.uri()),
            Self::Salable(sku) => inventory::salable(shop, sku),
            Self::GetStockItem(sku) => inventory::stock_item(shop, sku),
            Self::PutStockItem(sku, item) => inventory::save_stock_item(shop, sku, *item, body()),
        }
    }
}
