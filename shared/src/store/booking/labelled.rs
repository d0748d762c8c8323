//! What a manifest says of shipments: their AWBs and couriers.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::claim::Standing;
use crate::domain::selling::manifest::Labelled;
use crate::domain::text::Awb;
use crate::store::batch_read::read_all;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, key_of};
use crate::store::keys::Key;

#[derive(Deserialize)]
struct LabelledItem {
    standing: Standing,
    #[serde(default)]
    facts: LabelledFacts,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LabelledFacts {
    #[serde(default)]
    awb: Option<Awb>,
    #[serde(default)]
    carrier_name: Option<String>,
}

impl Shipments {
    /// The shipments under these different keys, with consistent reads: a label may be of a moment ago.
    pub async fn labelled(&self, keys: &[Key]) -> Result<BTreeMap<Key, Labelled>, StoreFailure> {
        let needed = "pk, sk, standing, facts.awb, facts.carrierName";
        let items = read_all(&self.client, &self.table, keys, Some(needed), true).await?;
        let labelled = items.into_iter().map(|item| {
            let key = key_of(&item);
            let LabelledItem { standing, facts } = from_item(item)?;
            let labelled = Labelled {
                standing,
                awb: facts.awb,
                carrier_name: facts.carrier_name,
            };
            Ok((key, labelled))
        });
        labelled.collect()
    }
}
