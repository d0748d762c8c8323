//! Valid bodies; together they have all described fields.

use logistics::aggregators::{PushProof, all_configured};
use logistics::domain::form::SettingKind;
use serde_json::{Map, Value, json};

fn address() -> Value {
    json!({
        "firstName": "Ram", "middleName": "K", "lastName": "Patel", "addressLine1": "1205", "addressLine2": "2", "addressLine3": "3",
        "city": "Bangalore", "state": "Karnataka", "zip": "560102", "country": "India", "email": "a@b.example",
        "phone": "9999999999", "countryCode": "IN", "phoneCode": "91", "district": "Urban", "areaId": 30101,
        "latitude": -6.1926, "longitude": 106.8386,
    })
}

fn line() -> Value {
    json!({
        "name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 100, "quantity": 1, "itemId": "1", "weight": 200,
        "hsCode": "62034200", "originCountryCode": "IN",
        "qualityCheck": {
            "brand": "b", "color": "c", "size": "s", "serialNumber": "1", "ean": "2", "imei": "3",
            "imageUrls": ["https://a.example/1.jpg"], "instructions": "look",
        },
    })
}

fn dimension() -> Value {
    json!({ "length": 50, "breadth": 50, "height": 50, "weight": 200 })
}

pub(super) fn label() -> Value {
    json!({
        "logisticAccountAlias": "magic", "pickupAddress": address(), "dropAddress": address(),
        "orderDetails": {
            "orderNumber": "A-1", "paymentType": "PREPAID", "orderAmount": 230, "orderDate": "2022-03-16T12:31:02+05:30",
            "shipmentType": "FORWARD", "orderLineItems": [line()],
        },
        "shipmentDimension": dimension(), "courierId": 1001, "warehouseCode": "wh-1", "shipmentCode": "101",
        "currencyCode": "INR", "returnReason": "Wrong size",
        "invoice": { "number": "INV-1", "date": "2022-03-16" }, "sellerGstin": "29ABCDE1234F1Z5",
        "customs": {
            "reasonOfExport": 1, "incoterm": "FOB", "purposeOfShipment": "p", "igstPaymentStatus": "A", "shipperTaxId": "1",
            "exporterTaxId": "2", "consigneeTaxId": "3", "consigneeTaxType": "t", "consigneeTaxCountryCode": "AE",
            "shippingCharges": 5, "importCharges": 6,
        },
    })
}

pub(super) fn inventory() -> Value {
    json!({ "items": [{ "sku": "S-1", "quantity": 5, "inStock": true }, { "sku": "S-2", "quantity": 0.5 }] })
}

pub(super) fn manifest() -> Value {
    json!({
        "shipments": [{ "orderNumber": "A-1" }, { "orderNumber": "A-2", "shipmentCode": "1" }],
        "courierName": "Express", "warehouseCode": "wh-1",
    })
}

pub(super) fn return_awb() -> Value {
    let mut body = label();
    body["orderDetails"]["shipmentType"] = json!("RETURN");
    body
}

pub(super) fn exchange() -> Value {
    let half = |mut half: Value| {
        let fields = half.as_object_mut().unwrap();
        fields.remove("logisticAccountAlias");
        fields.remove("shipmentCode");
        let order = fields["orderDetails"].as_object_mut().unwrap();
        order.remove("orderNumber");
        half
    };
    let mut forward = half(label());
    forward.as_object_mut().unwrap().remove("returnReason");
    json!({
        "exchangeOrderNumber": "E-1", "returnOrderCode": "R-1", "logisticAccountAlias": "shiprocket",
        "forward": forward, "return": half(return_awb()),
    })
}

pub(super) fn route() -> Value {
    json!({
        "logisticAccountAlias": "magic", "pickupPincode": "560102", "dropPincode": "110019", "paymentType": "COD",
        "shipmentType": "FORWARD", "orderAmount": 1200, "shipmentDimension": dimension(), "currencyCode": "INR",
        "items": [line()], "pickupCountryCode": "IN", "dropCountryCode": "IN", "pickupAddress": address(),
        "dropAddress": address(), "pickupAreaId": 30101, "pickupLatitude": -6.1926, "pickupLongitude": 106.8386,
        "dropAreaId": 31501, "dropLatitude": -6.906, "dropLongitude": 107.619,
    })
}

pub(super) fn push() -> Value {
    json!({
        "eventId": "e-1", "eventTime": "2022-03-16T12:31:02Z", "forwardOrderCode": "A-1", "forwardShipmentCode": "1",
        "forwardAwb": "71902671", "carrierName": "Delhivery", "notificationType": "DELIVERED", "shipmentType": "FORWARD",
        "logisticAggregatorName": "MAGIC", "warehouseCode": "wh-1", "returnOrderInfo": null,
        "items": [{ "sku": "sku-1", "quantity": 1, "itemId": "1" }], "reason": "r", "attemptCount": 1, "location": "l",
        "remark": "m", "expectedDeliveryDate": "soon",
    })
}

pub(super) fn push_of_return() -> Value {
    let mut body = push();
    body["shipmentType"] = json!("RETURN");
    body["returnOrderInfo"] =
        json!({ "returnOrderId": "R-1", "returnAwb": "7", "carrierName": "Delhivery" });
    body
}

pub(super) fn settlement() -> Value {
    json!({
        "orderNumber": "A-1", "shipmentCode": "1", "shipmentType": "FORWARD", "awb": "7", "orderId": "11", "none": false,
        "carrierName": "Delhivery", "shippingLabelUrl": "https://a.example/l.pdf", "takeOver": true,
    })
}

pub(super) fn settled_by_nothing() -> Value {
    json!({ "orderNumber": "A-1", "none": true })
}

pub(super) fn recovery() -> Value {
    json!({
        "since": "2022-03-16T12:31:02Z", "until": "2022-03-17T12:31:02Z", "kind": "NOTIFICATION", "subject": "A-1",
        "orderNumber": "A-1", "awb": "7", "notificationType": "DELIVERED", "status": "failed", "cursor": "c", "dryRun": true,
    })
}

pub(super) fn replay() -> Value {
    json!({
        "logisticAccountAlias": "magic", "code": "E31", "since": "2022-03-16T12:31:02Z", "until": "2022-03-17T12:31:02Z",
        "cursor": "c", "dryRun": true,
    })
}

pub(super) fn invoice() -> Value {
    json!({
        "forwardOrderCode": "A-1", "forwardShipmentCode": "1", "invoiceId": 123, "invoiceStatus": "CREATED",
        "documentType": "INVOICE", "documentUrl": "https://a.example/i.pdf",
    })
}

pub(super) fn processing() -> Value {
    let failed = json!({
        "itemCode": "I-1", "qcStatus": "FAIL", "qcReason": "STAIN_DAMAGE", "imageUrls": ["https://a.example/1.jpg"],
    });
    json!({
        "returnOrderCode": "R-1", "processedAt": "2022-03-16T12:31:02Z", "correction": true,
        "orderItems": [failed, { "itemCode": "I-2", "qcStatus": "PASS" }],
    })
}

pub(super) fn goods_issue() -> Value {
    json!({
        "warehouse_id": "WH-1", "customer_id": "BRAND", "order_type": "SO", "doc_no": "22010700077875", "delivery_no": "D-1",
        "carrier_id": "1", "carrier_name": "Courier", "so_reference_a": "SO_1", "so_reference_b": "b", "user_define_1": "1",
        "user_define_2": "2", "user_define_3": "3", "pgi_date": "2026-11-20 16:15:00", "shop_code": "CS1",
        "details": [{
            "sku": "27752701", "qty_shipped": 1, "mfg_date": "m", "exp_date": "e", "batch_no": "1", "serial_no": "2",
            "receipt_date": "r", "stock_condition": "N", "user_define_1": "1", "user_define_2": "2", "user_define_3": "3",
            "project_ref_no": "4",
        }],
    })
}

pub(super) fn order_status() -> Value {
    json!({
        "warehouse_id": "WH-1", "order_no": "SO_1", "order_type": "SO", "shop_code": "CS1", "client_id": 11_223_344,
        "tenant_name": "t", "express_code": "default", "express_no": "D-1", "seller_remark": "r", "status": "Picked",
        "status_code": "60", "status_descr": "Picked", "status_time": "2026-11-20 16:15:00",
    })
}

pub(super) fn outbound_order() -> Value {
    json!({
        "warehouse_id": "WH-1", "customer_id": "C-1", "so_number": "SO-1", "order_type": "SO", "delivery_no": "T-1",
        "tracking_id": "T-1", "order_identification_code": 1, "internal_order_status": "NEW", "tenant_name": "Shop",
        "consignee": "Budi", "consignee_phone": "628123456789", "consignee_email": "a@b.example",
        "consignee_full_address": "Jalan 1", "consignee_state": "DKI", "consignee_province": "DKI Jakarta",
        "consignee_city": "Jakarta", "zipcode": "10110", "details": [{ "sku": "S-1", "qty": 2 }],
    })
}

pub(super) fn outbound_confirmation() -> Value {
    json!({ "group_key": "g-1", "items": [{ "so_number": "SO-1", "error": "no stock" }] })
}

pub(super) fn api_key() -> Value {
    json!({ "label": "OMS", "scopes": ["shipping"], "expiresAt": "2100-01-01T00:00:00Z" })
}

pub(super) fn console_link() -> Value {
    json!({ "scopes": ["notifications"], "minutes": 15 })
}

pub(super) fn endpoint() -> Value {
    json!({
        "url": "https://a.example/hook", "method": "POST", "messages": ["NOTIFICATION"], "headers": { "x-a": "1", "x-b": null },
        "notificationTypes": ["DELIVERED"], "shipmentTypes": ["FORWARD"], "logisticAccountAliases": ["magic"],
        "warehouseCodes": ["wh-1"], "enabled": true, "lanes": 32, "giveUpAfter": 3600, "signatureScheme": "v1",
        "signingSecret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    })
}

pub(super) fn endpoint_with_basic() -> Value {
    json!({
        "url": "https://a.example/hook", "headers": { "x-a": "1" }, "basic": { "username": "u", "password": "p" },
    })
}

/// An account of each aggregator, with each of its fields.
pub(super) fn accounts() -> Vec<Value> {
    all_configured()
        .map(|adapter| {
            let form = adapter.form();
            let credentials = form.credentials.iter().map(|entry| (entry.name.to_owned(), json!("secret")));
            let urls = form.urls.iter().map(|entry| (entry.name.to_owned(), json!("https://a.example/")));
            let value = |kind: SettingKind| match kind {
                SettingKind::Text | SettingKind::List => json!("text"),
                SettingKind::Number | SettingKind::Id => json!("1"),
                SettingKind::Flag => json!("true"),
                SettingKind::OneOf(words) => json!(words[0]),
            };
            let settings = |of_warehouse: bool| -> Map<String, Value> {
                let settings = form.settings.iter().filter(|setting| setting.per_warehouse || !of_warehouse);
                settings.map(|setting| (setting.name.to_owned(), value(setting.kind))).collect()
            };
            let has_key = matches!(adapter.push_proof(), PushProof::Token { key_header: Some(_) });
            json!({
                "aggregator": adapter.name(), "region": "DOMESTIC", "credentials": credentials.collect::<Map<_, _>>(),
                "urls": urls.collect::<Map<_, _>>(), "settings": settings(false), "warehouses": { "wh-1": settings(true) },
                "notificationsEnabled": true, "defaultCourierId": 1, "statusMappings": { "900": "TRANSIT" },
                "webhookKey": if has_key { "key" } else { "" },
            })
        })
        .collect()
}

/// An account of each channel, with each of its fields.
pub(super) fn channel_accounts() -> [Value; 3] {
    [
        json!({
            "channel": "SHOPIFY",
            "credentials": { "clientSecret": "secret", "previousClientSecret": null },
            "urls": {},
            "settings": { "shopDomain": "brand.myshopify.com", "replacementTag": "exchange", "holdTag": "hold" },
            "enabled": true,
        }),
        json!({
            "channel": "RETURN_PRIME",
            "credentials": { "storeToken": "secret" },
            "urls": { "baseUrl": "https://a.example/" },
            "settings": { "locationCode": "wh-1", "logisticAccountAlias": "courier" },
            "enabled": true,
        }),
        json!({
            "channel": "MAGENTO",
            "credentials": {
                "consumerKey": "a", "consumerSecret": "b", "accessToken": "c", "accessTokenSecret": "d", "username": "e",
                "password": "f", "clientId": "g", "clientSecret": "h", "organizationId": "i",
            },
            "urls": { "baseUrl": "https://a.example/", "tokenUrl": "https://a.example/" },
            "settings": {
                "storeCode": "default", "sourceCode": "default", "acknowledgedStatus": "processing", "codMethods": "a,b",
                "pollOrders": "false", "bearer": "true",
            },
            "enabled": true,
        }),
    ]
}

pub(super) fn return_order() -> Value {
    let address = json!({
        "name": "A", "line1": "1", "line2": "2", "line3": "3", "city": "B", "state": "C", "zip": "1", "country": "D",
        "email": "e", "phone": "9",
    });
    json!({
        "forwardOrderCode": "A-1", "returnOrderCode": "R-1", "locationCode": "wh-1", "returnOrderTime": "2022-03-16T12:31:02Z",
        "returnOrderStatus": "NEW", "expectedDate": "2022-03-26T12:31:02Z", "orderType": "CUSTOMER_RETURN", "awbNumber": "7",
        "transporter": "Delhivery", "logisticAccountAlias": "magic", "currencyCode": "INR", "regionType": "INDIAN",
        "returnReason": "r", "sellerGstin": "1", "consigneeGstin": "2", "dropAddress": address, "pickupAddress": address,
        "shipmentDimension": { "breadth": 1, "height": 1, "length": 1, "weight": 200 },
        "orderItems": [{
            "itemCode": "i-1", "reason": "r", "enableDoorStepQc": "true", "channelSkuCode": "s", "name": "n", "brand": "b",
            "color": "c", "category": "k", "subCategory": "l", "serialNumber": "1", "price": 1, "finalAmountPaid": 1,
            "imageUrl": "xyz", "storeCreditsUsed": 0,
            "subTaxItemData": [{ "type": "IGST", "rate": 12, "taxPerUnit": 1, "taxTotal": 1 }],
        }],
        "orderDetails": {
            "codValue": 0, "invoiceNumber": "1", "invoiceTime": "2022-03-16T12:31:02Z", "invoiceValue": 1, "isCod": false,
            "forwardShipmentNumber": "101",
        },
    })
}

pub(super) fn awb_of_return() -> Value {
    json!({ "returnOrderCode": "R-1", "awbNumber": "7", "transporter": "Delhivery" })
}

fn channel_items() -> Value {
    json!([{ "itemId": "7", "quantity": 1.5 }])
}

pub(super) fn channel_invoice() -> Value {
    json!({ "capture": true, "items": channel_items(), "requestKey": "first" })
}

pub(super) fn channel_shipment() -> Value {
    json!({
        "items": channel_items(), "comment": "c", "requestKey": "first",
        "tracks": [{
            "trackNumber": "A-1", "carrierCode": "custom", "title": "Blue Dart", "weight": 0.5, "quantity": 2, "description": "d",
        }],
    })
}

pub(super) fn channel_handover() -> Value {
    json!({
        "items": channel_items(), "notify": true,
        "tracks": [{ "trackNumber": "A-1", "carrierCode": "custom", "title": "Blue Dart" }],
    })
}

pub(super) fn goods_to_price() -> Value {
    json!({
        "logisticAccountAlias": "shipper",
        "origin": { "area_id": 30101, "suburb_id": 7, "lat": "-6.1926", "lng": "106.8386" },
        "destination": { "area_id": 31501, "suburb_id": 8, "lat": "-6.906", "lng": "10.5" },
        "for_order": true, "rate_type_id": "regular", "cod": false, "with_insurance": true, "order_price": 210_000,
        "skus": [{ "height": 10, "length": 30.5, "width": 20, "weight": 0.45, "quantity": 2 }],
    })
}

pub(super) fn parcel_to_price() -> Value {
    json!({
        "logisticAccountAlias": "shipper",
        "origin": { "area_id": 30101, "suburb_id": 7, "lat": "-6.1926", "lng": "10.5" },
        "destination": { "area_id": 31501, "suburb_id": 8, "lat": "-6.906", "lng": "107.619" },
        "for_order": true, "cod": false, "height": 10, "length": 30.5, "width": 20, "weight": 0.45,
        "item_value": 210_000, "item_categories": ["Buku"], "limit": 30, "page": 1, "sort_by": ["final_price"],
    })
}
