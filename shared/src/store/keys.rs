//! Every key of every table.
//!
//! A key begins with the client, but for the two look-ups that lead to a client. Order numbers and codes may contain
//! any printable character, so they stand last in a key or are hashed.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::domain::notification::Identity;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{
    AccountAlias, AggregatorOrderId, Awb, ClientId, EndpointId, OrderNumber,
};

/// How much of an order number's hash stands in keys.
const ORDER_HASH_BYTES: usize = 10;
/// The longest sort key of a notification: a type's letter, two hashes, and a number.
const LONGEST_SORT: usize = 64;

/// The key of an item in a table with two key attributes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl Key {
    /// The key of the notification that a delivery's key belongs to.
    #[must_use]
    pub fn notification(&self) -> Self {
        let sort = self.sk.split('#').next().unwrap_or_default();
        Self {
            pk: self.pk.clone(),
            sk: sort.to_owned(),
        }
    }

    /// Whether this is the key of a delivery's record, rather than of a notification.
    pub fn is_of_a_delivery(&self) -> bool {
        self.sk.contains('#')
    }

    /// The client that the item belongs to.
    pub fn client(&self) -> &str {
        self.pk.split('#').next().unwrap_or_default()
    }

    /// The endpoint of a delivery.
    pub fn endpoint(&self) -> &str {
        self.sk.split_once('#').map_or("", |(_, endpoint)| endpoint)
    }

    /// The id of a delivery: the `webhook-id` of every attempt.
    pub fn delivery_id(&self) -> String {
        let sort = self.sk.replacen('#', "_", 1);
        format!("dlv_{}_{sort}", self.order_hash())
    }

    /// Forward or return, by what the sort key of a notification or a delivery begins with.
    pub fn shipment_type(&self) -> ShipmentType {
        if self.sk.starts_with('R') {
            ShipmentType::Return
        } else {
            ShipmentType::Forward
        }
    }

    fn order_hash(&self) -> &str {
        self.pk.rsplit('#').next().unwrap_or_default()
    }
}

impl ShipmentId {
    /// The key of the shipment and its claim.
    pub fn key(&self) -> Key {
        let code = self.shipment_code.as_ref().map_or("", |code| code.as_str());
        Key {
            pk: format!("{}#ORDER#{}", self.client_id, self.order_number),
            sk: format!("{}#{code}", self.shipment_type),
        }
    }

    /// Which shipment of a client has this key.
    pub fn of_key(client: &ClientId, key: &Key) -> Option<Self> {
        let order = key.pk.strip_prefix(client.as_str())?;
        let (shipment_type, code) = key.sk.split_once('#')?;
        Some(Self {
            client_id: client.clone(),
            shipment_type: shipment_type.parse().ok()?,
            order_number: order.strip_prefix("#ORDER#")?.parse().ok()?,
            shipment_code: if code.is_empty() {
                None
            } else {
                Some(code.parse().ok()?)
            },
        })
    }

    /// The partition of the order's notifications.
    pub fn notifications(&self) -> String {
        notifications_partition(&self.client_id, &self.order_number)
    }

    /// What the sort keys of this shipment's notifications begin with.
    pub fn notification_prefix(&self) -> String {
        let letter = match self.shipment_type {
            ShipmentType::Forward => 'F',
            ShipmentType::Return => 'R',
        };
        let code = self.shipment_code.as_ref().map_or("", |code| code.as_str());
        format!("{letter}{}", hashed(&[code], 4))
    }

    /// What decides the shipment's lane.
    pub fn lane_seed(&self) -> u64 {
        let digest = Sha256::new()
            .chain_update(self.key().pk)
            .chain_update([0])
            .chain_update(self.key().sk)
            .finalize();
        digest
            .iter()
            .take(8)
            .fold(0, |seed, byte| seed << 8 | u64::from(*byte))
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

/// The place in the index of open shipments of an account's.
pub fn open_partition(client: &ClientId, alias: &AccountAlias) -> String {
    format!("{client}#{alias}")
}

/// The partition of all shipments with an AWB.
pub fn awb_partition(client: &ClientId, awb: &Awb) -> String {
    format!("{client}#AWB#{awb}")
}

/// The two keys that find a booked shipment.
pub fn finders(
    client: &ClientId,
    alias: &AccountAlias,
    shipment_type: ShipmentType,
    order_id: Option<&AggregatorOrderId>,
    awb: &Awb,
) -> Vec<Key> {
    let by_order_id = order_id.map(|id| by_order_id(client, id.as_str(), alias, shipment_type));
    by_order_id
        .into_iter()
        .chain([by_awb(client, awb, alias, shipment_type)])
        .collect()
}

/// A notification's key. Its public id is made of it, so that no index is needed to find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationKey {
    client_id: ClientId,
    partition: String,
    sort: String,
}

impl NotificationKey {
    /// The key of the event with this identity; `occurrence` counts equal events that came long after each other.
    pub fn new(
        shipment: &ShipmentId,
        alias: &AccountAlias,
        identity: &Identity,
        occurrence: u32,
    ) -> Self {
        let identity = match identity {
            Identity::Event(id) => hashed(&[alias.as_str(), "event", id], 12),
            Identity::Digest(digest) => {
                hashed(&[alias.as_str(), "digest", &hex(digest, digest.len())], 12)
            }
        };
        let occurrence = if occurrence == 0 {
            String::new()
        } else {
            format!("-{occurrence}")
        };
        Self {
            client_id: shipment.client_id.clone(),
            partition: shipment.notifications(),
            sort: format!("{}{identity}{occurrence}", shipment.notification_prefix()),
        }
    }

    /// The notification's item.
    pub fn key(&self) -> Key {
        Key {
            pk: self.partition.clone(),
            sk: self.sort.clone(),
        }
    }

    /// The item of its delivery to one endpoint.
    pub fn delivery(&self, endpoint: &EndpointId) -> Key {
        Key {
            pk: self.partition.clone(),
            sk: format!("{}#{endpoint}", self.sort),
        }
    }

    /// What the sort keys of all its deliveries begin with.
    pub fn deliveries(&self) -> Key {
        Key {
            pk: self.partition.clone(),
            sk: format!("{}#", self.sort),
        }
    }

    /// Its id in the API.
    pub fn notification_id(&self) -> String {
        notification_id(&self.key())
    }

    /// The id of its delivery to one endpoint: the `webhook-id` of every attempt.
    pub fn delivery_id(&self, endpoint: &EndpointId) -> String {
        self.delivery(endpoint).delivery_id()
    }
}

/// A notification's id in the API, by the key of its item.
pub fn notification_id(key: &Key) -> String {
    format!("ntf_{}_{}", key.order_hash(), key.sk)
}

/// The key of a client's notification with that id, if it can be one.
pub fn notification_key(client: &ClientId, id: &str) -> Option<Key> {
    let (order_hash, sort) = id.strip_prefix("ntf_")?.split_once('_')?;
    let is_sort = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_right = !sort.is_empty()
        && sort.len() <= LONGEST_SORT
        && sort.bytes().all(is_sort)
        && order_hash.len() == 2 * ORDER_HASH_BYTES
        && order_hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_right.then(|| Key {
        pk: format!("{client}#{order_hash}"),
        sk: sort.to_owned(),
    })
}

/// The partition of an order's notifications, forward and return.
pub fn notifications_partition(client: &ClientId, order_number: &OrderNumber) -> String {
    let order_hash = hashed(&[order_number.as_str()], ORDER_HASH_BYTES);
    format!("{client}#{order_hash}")
}

/// The hash under which an API key is stored.
pub fn api_key_hash(api_key: &str) -> String {
    hex(&Sha256::digest(api_key), 32)
}

/// The hash under which the user name of a push credential is found.
pub fn push_user_hash(user_name: &str) -> String {
    hashed(&["user", user_name], 32)
}

/// The hash under which the token in a push URL is found.
pub fn push_token_hash(token: &str) -> String {
    hashed(&["token", token], 32)
}

fn hashed(parts: &[&str], bytes: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize(), bytes)
}

fn hex(bytes: &[u8], most: usize) -> String {
    let mut text = String::new();
    for byte in bytes.iter().take(most) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests;
