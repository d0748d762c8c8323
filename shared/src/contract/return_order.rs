//! The body of `POST /return/return-orders`.
//!
//! What only a bought AWB needs is optional here: the gaps may be filled from the forward shipment before it is checked.

pub mod awb;
pub mod content;
pub mod described;
pub mod pointers;
pub mod shown;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract::fields::Fields;
use crate::contract::values::{
    code_text, flag, instant, measured, one_of, parsed, personal, phone, text,
};
use crate::domain::measure::{Centimetres, Grams};
use crate::domain::money::{Amount, Currency};
use crate::domain::returning::return_order::{
    ReturnAddress, ReturnDimension, ReturnItem, ReturnOrder, ReturnOrderDetails, ReturnOrderType,
    ReturnTax,
};

/// Reads a return order.
pub fn read(fields: &Fields<'_>) -> Option<ReturnOrder> {
    let forward_order_code = fields.required("forwardOrderCode", parsed);
    let return_order_code = fields.required("returnOrderCode", parsed);
    let location_code = fields.required("locationCode", parsed);
    let return_order_time = fields.optional("returnOrderTime", instant);
    let return_order_status = fields.optional("returnOrderStatus", text);
    let expected_date = fields.optional("expectedDate", instant);
    let items = items(fields);
    let order_type = order_type(fields);
    let awb = fields.optional("awbNumber", parsed);
    let transporter = fields.optional("transporter", text);
    let alias = fields.optional("logisticAccountAlias", parsed);
    let currency_code = fields.optional("currencyCode", currency);
    let region_type = fields.optional("regionType", one_of("INDIAN or INTERNATIONAL"));
    let return_reason = fields.optional("returnReason", text);
    let seller_gstin = fields.optional("sellerGstin", text);
    let consignee_gstin = fields.optional("consigneeGstin", text);
    let dimension = fields.optional_object("shipmentDimension", dimension);
    let drop_address = fields.optional_object("dropAddress", address);
    let pickup_address = fields.optional_object("pickupAddress", address);
    let order_details = fields.optional_object("orderDetails", order_details);
    Some(ReturnOrder {
        return_order_code: return_order_code?,
        forward_order_code: forward_order_code?,
        location_code: location_code?,
        return_order_time: return_order_time?,
        return_order_status: return_order_status?,
        expected_date: expected_date?,
        items: items?,
        order_type: order_type?,
        awb: awb?,
        transporter: transporter?,
        alias: alias?,
        currency_code: currency_code?,
        region_type: region_type?,
        return_reason: return_reason?,
        seller_gstin: seller_gstin?,
        consignee_gstin: consignee_gstin?,
        dimension: dimension?,
        drop_address: drop_address?,
        pickup_address: pickup_address?,
        order_details: order_details?,
    })
}

fn order_type(fields: &Fields<'_>) -> Option<ReturnOrderType> {
    let words = "SELF_SHIP, CUSTOMER_RETURN or RETURN_TO_ORIGIN";
    let order_type = fields.required("orderType", one_of(words))?;
    let has_awb = fields.get("awbNumber").is_some_and(|awb| *awb != "");
    if order_type == ReturnOrderType::SelfShip && has_awb {
        fields.wrong_field(
            "awbNumber",
            "must be absent: the customer ships a SELF_SHIP return without RMS",
        );
    }
    Some(order_type)
}

fn items(fields: &Fields<'_>) -> Option<Vec<ReturnItem>> {
    let items = fields.list(&["orderItems"], item)?;
    if items.is_empty() {
        fields.wrong_field("orderItems", "must have at least one item");
        return None;
    }
    let mut codes = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        if !codes.insert(&item.item_code) {
            repeated(fields, index);
        }
    }
    Some(items)
}

/// One item is one piece: two pieces have two codes.
fn repeated(fields: &Fields<'_>, repeated: usize) {
    let detail = "must be unique: one item is one piece";
    fields.wrong_entry("orderItems", repeated, "itemCode", detail);
}

fn item(fields: &Fields<'_>) -> Option<ReturnItem> {
    let item_code = fields.required("itemCode", parsed);
    let reason = fields.required("reason", text);
    let enable_door_step_qc = fields.optional("enableDoorStepQc", flag_or_word);
    let channel_sku_code = fields.required("channelSkuCode", text);
    let name = fields.optional("name", text);
    let brand = fields.optional("brand", text);
    let color = fields.optional("color", text);
    let category = fields.optional("category", text);
    let sub_category = fields.optional("subCategory", text);
    let serial_number = fields.optional("serialNumber", text);
    let price = fields.optional("price", measured);
    let final_amount_paid = fields.optional("finalAmountPaid", measured);
    let image_url = fields.optional("imageUrl", text);
    let store_credits_used = fields.optional("storeCreditsUsed", measured);
    let sub_taxes = fields.list(&["subTaxItemData"], tax);
    Some(ReturnItem {
        item_code: item_code?,
        reason: reason?,
        enable_door_step_qc: enable_door_step_qc?.unwrap_or_default(),
        channel_sku_code: channel_sku_code?,
        name: name?,
        brand: brand?,
        color: color?,
        category: category?,
        sub_category: sub_category?,
        serial_number: serial_number?,
        price: price?,
        final_amount_paid: final_amount_paid?,
        image_url: image_url?,
        store_credits_used: store_credits_used?,
        sub_taxes: sub_taxes?,
    })
}

fn tax(fields: &Fields<'_>) -> Option<ReturnTax> {
    let kind = fields.optional("type", text);
    let rate = fields.optional("rate", measured);
    let per_unit = fields.optional("taxPerUnit", measured);
    let total = fields.optional("taxTotal", measured);
    Some(ReturnTax {
        kind: kind?,
        rate: rate?,
        per_unit: per_unit?,
        total: total?,
    })
}

fn dimension(fields: &Fields<'_>) -> Option<ReturnDimension> {
    let breadth = fields.optional("breadth", length);
    let height = fields.optional("height", length);
    let long = fields.optional("length", length);
    let weight = fields.optional("weight", weight);
    Some(ReturnDimension {
        breadth: breadth?,
        height: height?,
        length: long?,
        weight: weight?,
    })
}

fn address(fields: &Fields<'_>) -> Option<ReturnAddress> {
    let name = fields.optional("name", personal);
    let line1 = fields.optional("line1", personal);
    let line2 = fields.optional("line2", personal);
    let line3 = fields.optional("line3", personal);
    let city = fields.optional("city", text);
    let state = fields.optional("state", text);
    let zip = fields.optional("zip", code_text);
    let country = fields.optional("country", text);
    let email = fields.optional("email", personal);
    let phone = fields.optional("phone", phone);
    Some(ReturnAddress {
        name: name?,
        line1: line1?,
        line2: line2?,
        line3: line3?,
        city: city?,
        state: state?,
        zip: zip?,
        country: country?,
        email: email?,
        phone: phone?,
    })
}

fn order_details(fields: &Fields<'_>) -> Option<ReturnOrderDetails> {
    let cod_value = fields.optional("codValue", measured);
    let invoice_number = fields.optional("invoiceNumber", code_text);
    let invoice_time = fields.optional("invoiceTime", instant);
    let invoice_value = fields.optional("invoiceValue", measured);
    let is_cod = fields.optional("isCod", flag);
    let forward_shipment_number = fields.optional("forwardShipmentNumber", parsed);
    Some(ReturnOrderDetails {
        cod_value: cod_value?,
        invoice_number: invoice_number?,
        invoice_time: invoice_time?,
        invoice_value: invoice_value?,
        is_cod: is_cod?,
        forward_shipment_number: forward_shipment_number?,
    })
}

/// The document has the word, its description the boolean.
fn flag_or_word(value: &Value) -> Result<bool, String> {
    match value.as_str() {
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) | None => flag(value),
    }
}

fn length(value: &Value) -> Result<Amount, String> {
    measured::<Centimetres>(value)?;
    measured(value)
}

fn weight(value: &Value) -> Result<Amount, String> {
    measured::<Grams>(value)?;
    measured(value)
}

fn currency(value: &Value) -> Result<String, String> {
    parsed::<Currency>(value).map(|currency| currency.as_str().to_owned())
}

#[cfg(test)]
mod tests;
