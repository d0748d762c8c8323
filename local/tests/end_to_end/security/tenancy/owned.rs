//! What belongs to the demo client, and the requests for it.

use serde_json::{Value, json};

use crate::demo;
use crate::security::world::{PATIENCE, World, event, label};

/// What belongs to the demo client.
pub(super) struct Owned {
    awb: String,
    notification_id: String,
    unmapped_id: String,
    manifest_id: String,
    group_key: String,
}

/// One request: its path with the query, and its body.
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

impl Owned {
    pub(super) async fn make(world: &World) -> Self {
        let bought = world.label("magic", "A-1").await;
        assert_eq!(bought.status, 200, "{bought:?}");
        let mut request = label("magic", "R-1");
        request["orderDetails"]["shipmentType"] = json!("RETURN");
        request["returnReason"] = json!("Wrong size");
        let returned = world.as_demo("POST", "/return-awbs", Some(&request)).await;
        assert_eq!(returned.status, 200, "{returned:?}");
        let shop = shop("the-demo-s-secret");
        let shop = world.as_demo("PUT", "/channel-accounts/magic", Some(&shop));
        assert_eq!(shop.await.status, 201);
        let handed_over = json!({ "shipments": [{ "orderNumber": "A-1" }] });
        let manifest = world.as_demo("POST", "/channels/magic/manifests", Some(&handed_over));
        let manifest = manifest.await;
        assert_eq!(manifest.status, 201, "{manifest:?}");
        demo::add_return(&world.stack, "RO-1", &["I-1"]).await;
        let outbound = outbound_order("SO-1");
        let accepted = world.as_demo("POST", "/v3/fulfillment/outbound/oms", Some(&outbound));
        let accepted = accepted.await;
        assert_eq!(accepted.status, 202, "{accepted:?}");
        let pushed = world.push("magic", &event("A-1", "SHIPPED")).await;
        let id = &pushed.body["notifications"][0]["notificationId"];
        let unknown = world.push("magic", &event("A-1", "TELEPORTED")).await;
        let unmapped_id = &unknown.body["notifications"][0]["notificationId"];
        let sink = world.stack.sink().unwrap();
        sink.wait_for(2, PATIENCE).await.unwrap();
        world.settled().await;
        Self {
            group_key: accepted.body["data"]["group_key"]
                .as_str()
                .unwrap()
                .to_owned(),
            awb: bought.body["awb"].as_str().unwrap().to_owned(),
            notification_id: id.as_str().unwrap().to_owned(),
            unmapped_id: unmapped_id.as_str().unwrap().to_owned(),
            manifest_id: manifest.body["manifestId"].as_str().unwrap().to_owned(),
        }
    }

    /// A request of a route for an object of this client, or for an object that does not exist.
    pub(super) fn asked(&self, world: &World, route: &str, exists: bool) -> Asked {
        let (method, path) = route.split_once(' ').unwrap();
        let choose = |existing: &str| if exists { existing } else { "none" }.to_owned();
        let order = choose(match path {
            "/return-awbs" => "R-1",
            "/return-orders/awb" | "/return-orders/processing" => "RO-1",
            _ => "A-1",
        });
        let alias = choose("magic");
        let path = path
            .replace("{orderNumber}", &order)
            .replace("{returnOrderCode}", &choose("RO-1"))
            .replace("{so_number}", &choose("SO-1"))
            .replace("{manifestId}", &choose(&self.manifest_id))
            .replace("{channelOrderId}", &order)
            .replace("{shipmentId}", &choose("1"))
            .replace("{rate_type}", "regular")
            .replace("{alias}", &alias);
        let path = match path.as_str() {
            "/shipping-labels" | "/return-awbs" if method != "POST" => {
                format!("{path}?orderNumber={order}")
            }
            "/return-orders" if method == "DELETE" => {
                format!("{path}?returnOrderCode={}", choose("RO-1"))
            }
            "/return-orders" => format!("{path}?forwardOrderCode={order}"),
            "/notifications" | "/shipments" => format!("{path}?orderNumber={order}"),
            "/messages" => format!("{path}?subject={order}"),
            "/unmapped-statuses" => format!("{path}?logisticAccountAlias={alias}"),
            "/messages/{messageId}" => path.replace("{messageId}", &self.notification(exists)),
            "/notifications/{token}" if method == "GET" => {
                path.replace("{token}", &self.notification(exists))
            }
            "/notifications/{token}" => path.replace("{token}", &"0a".repeat(16)),
            "/channels/hooks/{token}" if exists => {
                let (_, token) = world.demo().channels["shopify"]
                    .webhook_url
                    .rsplit_once('/')
                    .unwrap();
                path.replace("{token}", token)
            }
            "/channels/hooks/{token}" => path.replace("{token}", &"0a".repeat(32)),
            "/api-keys/{id}" => path.replace("{id}", &choose("key_demo")),
            _ => path.replace("{id}", &choose("demo-sink")),
        };
        let body = (method == "POST" || method == "PUT").then(|| match route {
            "POST /v3/fulfillment/outbound/oms/confirmations" => json!({
                "group_key": choose(&self.group_key), "items": [{ "so_number": "SO-1" }],
            }),
            _ => body(world, route, &order, &alias),
        });
        Asked { path, body }
    }

    fn notification(&self, exists: bool) -> String {
        if exists {
            return self.notification_id.clone();
        }
        let (hash, _) = self.notification_id.rsplit_once('_').unwrap();
        format!("{hash}_F0000")
    }

    /// Texts that no other client may receive.
    pub(super) fn marks(&self) -> [&str; 6] {
        [
            &self.awb,
            &self.notification_id,
            &self.unmapped_id,
            &self.manifest_id,
            "key_demo",
            &self.group_key,
        ]
    }
}

/// An order for the OMS.
fn outbound_order(number: &str) -> Value {
    json!({
        "warehouse_id": "wh-1", "customer_id": "C-1", "so_number": number, "order_type": "SO", "delivery_no": "T-1",
        "order_identification_code": 1, "internal_order_status": "NEW", "tenant_name": "Shop", "consignee": "Budi",
        "consignee_phone": "628123456789", "consignee_email": "budi@example.com", "consignee_full_address": "Jalan 1",
        "consignee_state": "DKI", "consignee_province": "DKI Jakarta", "consignee_city": "Jakarta", "zipcode": "10110",
    })
}

/// A channel account.
fn shop(secret: &str) -> Value {
    json!({
        "channel": "SHOPIFY", "credentials": { "clientSecret": secret },
        "settings": { "shopDomain": "brand.myshopify.com" },
    })
}

fn body(world: &World, route: &str, order: &str, alias: &str) -> Value {
    match route {
        "POST /courier-recommendations" => json!({
            "pickupPincode": "560102", "dropPincode": "110019", "paymentType": "PREPAID",
            "shipmentType": "FORWARD", "orderAmount": 1200, "logisticAccountAlias": alias,
        }),
        "POST /v3/fulfillment/pricing/domestic"
        | "POST /v3/pricing/domestic"
        | "POST /v3/pricing/domestic/{rate_type}" => {
            let sku = json!({ "height": 1, "length": 1, "width": 1, "weight": 1, "quantity": 1 });
            json!({
                "origin": { "area_id": 1 }, "destination": { "area_id": 1 }, "for_order": true, "skus": [sku],
                "height": 1, "length": 1, "width": 1, "weight": 1, "logisticAccountAlias": alias,
            })
        }
        "POST /orders" | "POST /shipping-labels" => label(alias, order),
        "POST /return-awbs" => {
            let mut request = label(alias, order);
            request["orderDetails"]["shipmentType"] = json!("RETURN");
            request["returnReason"] = json!("Wrong size");
            request
        }
        "POST /return/return-orders" => json!({
            "forwardOrderCode": order, "returnOrderCode": order, "locationCode": "wh-1", "orderType": "SELF_SHIP",
            "orderItems": [{ "itemCode": "1", "reason": "r", "channelSkuCode": "s" }],
        }),
        "PUT /return-orders/{returnOrderCode}/awb" | "PUT /return-orders/awb" => {
            json!({ "returnOrderCode": order, "awbNumber": "theirs" })
        }
        "POST /exchanges" => {
            let mut returned = label(alias, order);
            returned["orderDetails"]["shipmentType"] = json!("RETURN");
            returned["returnReason"] = json!("Wrong size");
            json!({
                "exchangeOrderNumber": order, "returnOrderCode": order, "logisticAccountAlias": alias,
                "forward": label(alias, order), "return": returned,
            })
        }
        "POST /v3/fulfillment/outbound/oms" => outbound_order(order),
        "POST /invoices" => json!({
            "forwardOrderCode": order, "invoiceId": 1, "invoiceStatus": "CREATED", "documentType": "INVOICE",
            "documentUrl": "https://invoice.com/theirs/pdf",
        }),
        "POST /return-orders/{returnOrderCode}/processing" => {
            json!({ "orderItems": [{ "itemCode": "I-1", "qcStatus": "PASS" }] })
        }
        "POST /return-orders/processing" => json!({
            "returnOrderCode": order, "orderItems": [{ "itemCode": "I-1", "qcStatus": "PASS" }],
        }),
        "POST /v3/fulfillment/pgi" => json!({
            "warehouse_id": "theirs", "order_type": "SO", "doc_no": order, "delivery_no": order, "carrier_name": "Courier",
            "details": [{ "sku": "1", "qty_shipped": 1 }],
        }),
        "POST /v3/fulfillment/order-status" => json!({ "order_no": order, "status_code": "80" }),
        "POST /shipping-labels/settle" => json!({ "orderNumber": order, "none": true }),
        "POST /rms-magic/notification/push" | "POST /notifications/{token}" => {
            event(order, "DELIVERED")
        }
        "PUT /webhook-endpoints/{id}" => {
            json!({ "url": format!("{}/theirs", world.stack.sink_url()) })
        }
        "PUT /logistic-accounts/{alias}" => json!({
            "aggregator": "CLICKPOST", "region": "DOMESTIC",
            "credentials": { "username": "theirs", "key": "their-own-key" },
        }),
        "POST /channels/hooks/{token}" => json!({ "id": 1, "name": order }),
        "POST /channels/{alias}/orders/{channelOrderId}/shipments" => json!({
            "tracks": [{ "trackNumber": "1", "carrierCode": "custom", "title": "Courier" }],
        }),
        "PUT /channels/{alias}/inventory" => json!({ "items": [{ "sku": "S", "quantity": 1 }] }),
        "POST /channels/{alias}/manifests" => {
            json!({ "shipments": [{ "orderNumber": order }] })
        }
        "PUT /channel-accounts/{alias}" => shop("their-own-secret"),
        "POST /unmapped-statuses/replay" => {
            json!({ "logisticAccountAlias": alias, "code": "DELIVERED" })
        }
        "POST /api-keys" => json!({ "label": "theirs", "scopes": ["returns"] }),
        "POST /console-links" => json!({ "scopes": ["returns"] }),
        _ => json!({}),
    }
}
