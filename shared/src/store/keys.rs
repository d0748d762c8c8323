//! All keys of all tables, except those of messages, which are in `message_keys`.
//!
//! A key begins with the client, except for the two look-ups that find a client. Order numbers and codes may contain
//! any printable character, so they come last in a key or are hashed.

use crate::digest::{Sha256, hex};
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::message::MessageKind;
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::selling::document::RequestKey;
use crate::domain::selling::manifest::ManifestId;
use crate::domain::selling::write_claim::WriteAction;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{
    AccountAlias, Awb, ChannelOrderId, ClientId, EndpointId, OrderNumber, SalesOrderNumber, Text,
};

/// The sort key of a return order; its events' begin with it.
const RETURN_ORDER: &str = "ORDER";

/// The sort key of a channel's order.
const CHANNEL_ORDER: &str = "ORDER";

/// The sort key of what a poll told last of a channel's order.
const TOLD_ORDER: &str = "TOLD";

/// The sort key of an outbound order.
pub(in crate::store) const OUTBOUND_ORDER: &str = "ORDER";

/// The key of an item in a table with two key attributes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl Key {
    /// The key of the message to which a delivery belongs.
    #[must_use]
    pub fn message(&self) -> Self {
        let sort = self.sk.split('#').next().unwrap_or_default();
        Self {
            pk: self.pk.clone(),
            sk: sort.to_owned(),
        }
    }

    /// The key of the record of a message's delivery to an endpoint.
    #[must_use]
    pub fn delivery(&self, endpoint: &EndpointId) -> Self {
        Self {
            pk: self.pk.clone(),
            sk: format!("{}#{endpoint}", self.sk),
        }
    }

    /// Whether this is the key of a delivery record, not of a message.
    pub fn is_of_a_delivery(&self) -> bool {
        self.sk.contains('#')
    }

    /// The client that the item belongs to.
    pub fn client(&self) -> &str {
        self.pk.split('#').next().unwrap_or_default()
    }

    /// The partition key without the client.
    pub(in crate::store) fn order(&self) -> &str {
        self.pk.split_once('#').map_or("", |(_, order)| order)
    }

    /// The endpoint of a delivery.
    pub fn endpoint(&self) -> &str {
        self.sk.split_once('#').map_or("", |(_, endpoint)| endpoint)
    }

    /// The id of a delivery: the `webhook-id` of every attempt.
    pub fn delivery_id(&self) -> String {
        let sort = self.sk.replacen('#', "_", 1);
        format!("dlv_{}_{sort}", self.subject_hash())
    }

    /// The kind of a message, from the prefix of its sort key or of its delivery's. `None` for a kind of a later
    /// version.
    pub fn kind(&self) -> Option<MessageKind> {
        self.sk.chars().next().and_then(MessageKind::of_letter)
    }

    /// Forward or return, from the prefix of the sort key of a notification or delivery.
    pub fn shipment_type(&self) -> ShipmentType {
        if self.sk.starts_with('R') {
            ShipmentType::Return
        } else {
            ShipmentType::Forward
        }
    }

    /// The hash of the code of a message's subject.
    pub(in crate::store) fn subject_hash(&self) -> &str {
        self.pk.rsplit('#').next().unwrap_or_default()
    }
}

impl ShipmentId {
    /// The key of the shipment with its claim.
    pub fn key(&self) -> Key {
        let code = self.shipment_code.as_ref().map_or("", |code| code.as_str());
        Key {
            pk: format!("{}#ORDER#{}", self.client_id, self.order_number),
            sk: format!("{}#{code}", self.shipment_type),
        }
    }

    /// The client's shipment with this key.
    pub fn of_key(client: &ClientId, key: &Key) -> Option<Self> {
        let order = key.pk.strip_prefix(client.as_str())?;
        let (shipment_type, code) = key.sk.split_once('#')?;
        Some(Self {
            client_id: client.clone(),
            shipment_type: shipment_type.parse().ok()?,
            order_number: Text::stored(order.strip_prefix("#ORDER#")?).ok()?,
            shipment_code: if code.is_empty() {
                None
            } else {
                Some(Text::stored(code).ok()?)
            },
        })
    }
}

/// The key of the request of a booked shipment.
pub fn kept_request(id: &ShipmentId) -> Key {
    let Key { pk: _, sk } = id.key();
    Key {
        pk: format!("{}#REQUEST#{}", id.client_id, id.order_number),
        sk,
    }
}

/// The key that finds a shipment by the aggregator's order id.
pub fn by_order_id(
    client: &ClientId,
    id: &str,
    alias: &AccountAlias,
    shipment_type: ShipmentType,
) -> Key {
    Key {
        pk: order_id_partition(client, id),
        sk: format!("{shipment_type}#{alias}"),
    }
}

/// The partition of all shipments with an aggregator's order id.
pub fn order_id_partition(client: &ClientId, id: &str) -> String {
    format!("{client}#ORDERID#{id}")
}

/// The key that finds a shipment by its AWB.
pub fn by_awb(
    client: &ClientId,
    awb: &Awb,
    alias: &AccountAlias,
    shipment_type: ShipmentType,
) -> Key {
    Key {
        pk: awb_partition(client, awb),
        sk: format!("{shipment_type}#{alias}"),
    }
}

/// The partition of an account in the index of open shipments.
pub fn open_partition(client: &ClientId, alias: &AccountAlias) -> String {
    format!("{client}#{alias}")
}

/// The partition of all shipments with an AWB.
pub fn awb_partition(client: &ClientId, awb: &Awb) -> String {
    format!("{client}#AWB#{awb}")
}

/// The key of what is known about an order in the shop of a channel account. Two shops may have orders with the same id.
pub fn channel_order(client: &ClientId, alias: &AccountAlias, id: &ChannelOrderId) -> Key {
    Key {
        pk: format!("{client}#{alias}#{id}"),
        sk: CHANNEL_ORDER.to_owned(),
    }
}

/// The key of what a poll told last of an order.
pub fn told_order(order: &Key) -> Key {
    Key {
        pk: order.pk.clone(),
        sk: TOLD_ORDER.to_owned(),
    }
}

/// The beginning of the sort keys of the claims of requests that change a channel's order.
pub(in crate::store) const ORDER_CLAIM: &str = "CLAIM#";

/// The key of the claim of a request that changes a channel's order. Its name is the client's key of the request, or the digest
/// of its content.
pub fn order_claim(order: &Key, action: WriteAction, name: Result<&RequestKey, &str>) -> Key {
    let hash = match name {
        Ok(key) => hashed(&["key", key.as_str()], 16),
        Err(content) => hashed(&["content", content], 16),
    };
    Key {
        pk: order.pk.clone(),
        sk: format!("{ORDER_CLAIM}{action}#{hash}"),
    }
}

/// The key of the lease of a channel's order: one request changes it at a time.
pub fn order_lease(order: &Key) -> Key {
    Key {
        pk: order.pk.clone(),
        sk: "LEASE".to_owned(),
    }
}

/// The key of a manifest of a channel account.
pub fn manifest(client: &ClientId, alias: &AccountAlias, id: &ManifestId) -> Key {
    Key {
        pk: format!("{client}#{alias}"),
        sk: id.to_string(),
    }
}

/// The partition of a return order with its events.
pub fn return_partition(client: &ClientId, code: &ReturnOrderCode) -> String {
    format!("{client}#{code}")
}

/// The key of a return order. It sorts before the keys of its events.
pub fn return_order(client: &ClientId, code: &ReturnOrderCode) -> Key {
    Key {
        pk: return_partition(client, code),
        sk: RETURN_ORDER.to_owned(),
    }
}

/// The key of an event of a return order's round.
pub fn return_event(client: &ClientId, code: &ReturnOrderCode, round: u32, identity: &str) -> Key {
    let identity = hashed(&["return event", identity], 16);
    Key {
        pk: return_partition(client, code),
        sk: format!("{}{identity}", return_events(round)),
    }
}

/// The prefix of the sort keys of all events of a return order's round.
pub fn return_events(round: u32) -> String {
    format!("{RETURN_ORDER}#{round}#")
}

/// The partition of an order in the index of return orders by forward order.
pub fn returns_of_order_partition(client: &ClientId, forward_order: &OrderNumber) -> String {
    format!("{client}#{forward_order}")
}

/// The key of an outbound order.
pub fn outbound_order(client: &ClientId, number: &SalesOrderNumber) -> Key {
    Key {
        pk: outbound_partition(client, number),
        sk: OUTBOUND_ORDER.to_owned(),
    }
}

/// The partition of an outbound order and of what the warehouse says about it.
pub fn outbound_partition(client: &ClientId, number: &SalesOrderNumber) -> String {
    format!("{client}#{number}")
}

/// The key of an event of an outbound order.
pub fn outbound_event(client: &ClientId, number: &SalesOrderNumber, identity: &str) -> Key {
    let identity = hashed(&["outbound event", identity], 16);
    Key {
        pk: outbound_partition(client, number),
        sk: format!("EVENT#{identity}"),
    }
}

/// The key of a warehouse's report, by which a repeat is noticed. No order number contains `#`.
pub fn outbound_report(client: &ClientId, identity: &str) -> Key {
    let identity = hashed(&["outbound report", identity], 16);
    Key {
        pk: format!("{client}#REPORT#{identity}"),
        sk: "REPORT".to_owned(),
    }
}

/// The partition of the orders that only a warehouse told of, in the index by client. No client id contains `#`.
pub fn unknown_outbound(client: &ClientId) -> String {
    format!("{client}#UNKNOWN")
}

/// The partition of a tracking id in the index of outbound orders.
pub fn outbound_tracking(client: &ClientId, tracking: &TrackingId) -> String {
    format!("{client}#{tracking}")
}

/// The hash under which an API key is stored.
pub fn api_key_hash(api_key: &str) -> String {
    hex(&Sha256::digest(api_key))
}

/// The hash that finds the user name of a push credential.
pub fn push_user_hash(user_name: &str) -> String {
    hashed(&["user", user_name], 32)
}

/// The hash that finds the token of a push URL.
pub fn push_token_hash(token: &str) -> String {
    hashed(&["token", token], 32)
}

/// The hash that finds the token of a channel account's webhook URL. It is none of those of push URLs, so a token is valid
/// only on its own route.
pub fn hook_token_hash(token: &str) -> String {
    hashed(&["hook", token], 32)
}

pub(in crate::store) fn hashed(parts: &[&str], bytes: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    hex(digest.get(..bytes).unwrap_or(&digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipment(order: &str, code: Option<&str>) -> ShipmentId {
        ShipmentId {
            client_id: "demo".parse().unwrap(),
            shipment_type: ShipmentType::Forward,
            order_number: order.parse().unwrap(),
            shipment_code: code.map(|code| code.parse().unwrap()),
        }
    }

    #[test]
    fn unusual_order_numbers_do_not_collide() {
        let keys = [
            shipment("a", Some("b")),
            shipment("a#b", None),
            shipment("a", None),
            shipment("a", Some("#b")),
        ];
        for (index, one) in keys.iter().enumerate() {
            for other in keys.iter().skip(index + 1) {
                assert_ne!(one.key(), other.key());
            }
        }
    }

    #[test]
    fn orders_of_two_shops_do_not_collide() {
        let client: ClientId = "demo".parse().unwrap();
        let key = |alias: &str, id: &str| {
            channel_order(&client, &alias.parse().unwrap(), &id.parse().unwrap())
        };
        assert_ne!(key("a", "1"), key("b", "1"));
        assert_ne!(key("a", "b#1"), key("a-b", "1"));
        assert_eq!(key("a", "b#1").client(), "demo");
    }

    #[test]
    fn claims_of_an_order_do_not_collide() {
        let client: ClientId = "demo".parse().unwrap();
        let order = channel_order(&client, &"a".parse().unwrap(), &"1".parse().unwrap());
        let key: RequestKey = "x".parse().unwrap();
        let claims = [
            order_claim(&order, WriteAction::Invoice, Ok(&key)),
            order_claim(&order, WriteAction::Invoice, Err("x")),
            order_claim(&order, WriteAction::Shipment, Ok(&key)),
            order_lease(&order),
            told_order(&order),
            order,
        ];
        for (index, one) in claims.iter().enumerate() {
            assert_eq!(one.client(), "demo");
            assert!(claims.iter().skip(index + 1).all(|other| one != other));
        }
    }

    #[test]
    fn events_of_unusual_return_codes_and_of_other_rounds_do_not_collide() {
        let client: ClientId = "demo".parse().unwrap();
        let key = |code: &str, round| return_event(&client, &code.parse().unwrap(), round, "1");
        let keys = [
            key("a", 1),
            key("a#1", 1),
            key("a", 11),
            key("a#ORDER#1", 1),
        ];
        for (index, one) in keys.iter().enumerate() {
            for other in keys.iter().skip(index + 1) {
                assert_ne!(one, other);
            }
        }
        let order = return_order(&client, &"a".parse().unwrap());
        assert!(order.sk < key("a", 1).sk);
        assert!(!key("a", 11).sk.starts_with(&return_events(1)));
    }

    #[test]
    fn a_key_gives_its_shipment_and_a_finder_gives_none() {
        let client: ClientId = "demo".parse().unwrap();
        for shipment in [shipment("a#ORDER#b", Some("#c")), shipment("1", None)] {
            let known = ShipmentId::of_key(&client, &shipment.key());
            assert_eq!(known, Some(shipment.clone()));
            let other = "other".parse().unwrap();
            assert_eq!(ShipmentId::of_key(&other, &shipment.key()), None);
        }
        let finder = by_awb(
            &client,
            &"1".parse().unwrap(),
            &"magic".parse().unwrap(),
            ShipmentType::Forward,
        );
        assert_eq!(ShipmentId::of_key(&client, &finder), None);
    }
}
