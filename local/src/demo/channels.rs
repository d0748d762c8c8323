//! The demo's channel accounts: one at each simulator of a channel, with the settings that the simulator requires.

use std::collections::BTreeMap;

use logistics::domain::account::ChannelAccount;
use logistics::store::configuring::push_credentials::PushCredential;
use logistics::store::keys::hook_token_hash;
use simulators::{ReturnPrimeConfig, ShopifyConfig};
use url::Url;

use crate::demo::{DemoChannel, Places, PushSecret, Secrets};
use crate::secret;

const SHOPIFY: &str = "shopify";
const RETURN_PRIME: &str = "return-prime";
/// The demo's shop.
const SHOP_DOMAIN: &str = "demo-brand.myshopify.com";

/// A channel as the demo's client uses it.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) alias: &'static str,
    /// The channel's name.
    adapter: &'static str,
    /// The name of the credential that each stack makes.
    credential: &'static str,
    /// The URL paths at the simulator, by name.
    urls: &'static [(&'static str, &'static str)],
    settings: &'static [(&'static str, &'static str)],
    /// The headers that every webhook carries, beside a signature.
    headers: &'static [(&'static str, &'static str)],
}

/// Every channel of the demo.
pub(super) const ALL: &[Channel] = &[
    Channel {
        alias: SHOPIFY,
        adapter: "SHOPIFY",
        credential: "clientSecret",
        urls: &[],
        settings: &[
            ("shopDomain", SHOP_DOMAIN),
            ("replacementTag", "exchange"),
            ("holdTag", "exchange-hold"),
        ],
        headers: &[("x-shopify-shop-domain", SHOP_DOMAIN)],
    },
    Channel {
        alias: RETURN_PRIME,
        adapter: "RETURN_PRIME",
        credential: "storeToken",
        urls: &[("baseUrl", "return-prime")],
        settings: &[("locationCode", "wh-1")],
        headers: &[],
    },
];

/// The shop, with the secret that its account has.
pub(super) fn shopify(secrets: &Secrets) -> ShopifyConfig {
    let secret = secrets.hooks.get(SHOPIFY);
    ShopifyConfig {
        client_secret: secret.map(|secret| secret.key.clone()).unwrap_or_default(),
        shop_domain: SHOP_DOMAIN.to_owned(),
    }
}

/// The returns app, with the token that its account has.
pub(super) fn return_prime(secrets: &Secrets) -> ReturnPrimeConfig {
    let secret = secrets.hooks.get(RETURN_PRIME);
    ReturnPrimeConfig {
        store_token: secret.map(|secret| secret.key.clone()).unwrap_or_default(),
    }
}

impl Channel {
    /// Creates the channel's secrets, unless an earlier run did: the token in its webhook URL and its credential.
    pub(super) fn add_secrets(&self, secrets: &mut Secrets) {
        let hooks = &mut secrets.hooks;
        hooks
            .entry(self.alias.to_owned())
            .or_insert_with(|| PushSecret {
                name: secret::hex(),
                key: secret::hex(),
            });
    }

    fn secret(&self, secrets: &Secrets) -> PushSecret {
        secrets.hooks.get(self.alias).cloned().unwrap_or_default()
    }

    /// The account in the published form.
    pub(super) fn demo_channel(&self, secrets: &Secrets, places: &Places<'_>) -> DemoChannel {
        let secret = self.secret(secrets);
        DemoChannel {
            channel: self.adapter.to_owned(),
            webhook_url: format!("{}/channels/hooks/{}", places.base_url, secret.name),
            headers: owned(self.headers),
            base_url: format!("{}/{}", places.simulator_url, self.alias),
            credentials: [(self.credential.to_owned(), secret.key)].into(),
            settings: owned(self.settings),
        }
    }

    /// The account in the stored form.
    pub(super) fn account(
        &self,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<ChannelAccount> {
        let secret = self.secret(secrets);
        Ok(ChannelAccount {
            client_id: secrets.client_id.parse()?,
            alias: self.alias.parse()?,
            channel: self.adapter.parse()?,
            credentials: [(self.credential.to_owned(), secret.key.into())].into(),
            urls: self.urls(places)?,
            settings: owned(self.settings),
            enabled: true,
            hook_token: Some(secret.name.into()),
        })
    }

    fn urls(&self, places: &Places<'_>) -> anyhow::Result<BTreeMap<String, Url>> {
        let url = |(name, path): &(&str, &str)| {
            let url = format!("{}/{path}", places.simulator_url).parse()?;
            Ok(((*name).to_owned(), url))
        };
        self.urls.iter().map(url).collect()
    }

    /// The stored token of its webhook URL, and the hash that is its key.
    pub(super) fn hook_credential(
        &self,
        secrets: &Secrets,
    ) -> anyhow::Result<(String, PushCredential)> {
        let token = self.secret(secrets).name;
        let (client, alias) = (secrets.client_id.parse()?, self.alias.parse()?);
        let credential = PushCredential::hook(&token, client, alias);
        Ok((hook_token_hash(&token), credential))
    }
}

fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
