//! The index of orders about which something is to be told: those that the OMS did not confirm in time, and those whose
//! message may not have been sent because a function ended early.
//!
//! It is sparse: an order leaves it when its message is on its way. Its entries are spread over a few partitions, so that a
//! list of new orders does not write into one.

use sha2::{Digest, Sha256};

use crate::domain::text::{ClientId, SalesOrderNumber};

/// How many partitions the index has. A smaller number would leave orders behind.
const SHARDS: u8 = 8;

/// The partition of an order.
pub(super) fn shard(client: &ClientId, number: &SalesOrderNumber) -> String {
    let digest = Sha256::new()
        .chain_update(client.as_str())
        .chain_update("#")
        .chain_update(number.as_str())
        .finalize();
    let first = digest.first().copied().unwrap_or_default();
    (first % SHARDS).to_string()
}
