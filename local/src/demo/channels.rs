//! The demo's channel accounts: one at each simulator of a channel, with the settings that the simulator requires.

use std::collections::BTreeMap;

use logistics::domain::account::ChannelAccount;
use logistics::store::configuring::push_credentials::PushCredential;
use logistics::store::keys::hook_token_hash;
use simulators::{MagentoConfig, ReturnPrimeConfig, ShopifyConfig};
use url::Url;

use crate::demo::{DemoChannel, Places, PushSecret, Secrets};
use crate::secret;

const SHOPIFY: &str = "shopify";
const RETURN_PRIME: &str = "return-prime";
const MAGENTO: &str = "magento";
/// The credentials of an integration.
const INTEGRATION: &[&str] = &[
    "consumerKey",
    "consumerSecret",
    "accessToken",
    "accessTokenSecret",
];
/// The demo's shop.
const SHOP_DOMAIN: &str = "demo-brand.myshopify.com";

/// A channel as the demo's client uses it.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) alias: &'static str,
    /// The channel's name.
    adapter: &'static str,
    /// The names of the credentials that each stack makes.
    credentials: &'static [&'static str],
    /// Whether it has a webhook URL.
    has_hook: bool,
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
        credentials: &["clientSecret"],
        has_hook: true,
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
        credentials: &["storeToken"],
        has_hook: true,
        urls: &[("baseUrl", "return-prime")],
        settings: &[("locationCode", "wh-1")],
        headers: &[],
    },
    Channel {
        alias: MAGENTO,
        adapter: "MAGENTO",
        credentials: INTEGRATION,
        has_hook: false,
        urls: &[("baseUrl", "magento")],
        settings: &[],
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

/// The shop with orders, with the integration that its account has.
pub(super) fn magento(secrets: &Secrets) -> MagentoConfig {
    let of = |name: &str| {
        let known = secrets.credentials.get(MAGENTO);
        known
            .and_then(|known| known.get(name).cloned())
            .unwrap_or_default()
    };
    MagentoConfig {
        consumer_key: of("consumerKey"),
        consumer_secret: of("consumerSecret"),
        access_token: of("accessToken"),
        access_token_secret: of("accessTokenSecret"),
        // The stricter of the two kinds of shop.
        input_limits: true,
        ..MagentoConfig::default()
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
    /// Creates the channel's secrets, unless an earlier run did: the token in its webhook URL and its credentials.
    pub(super) fn add_secrets(&self, secrets: &mut Secrets) {
        if self.has_hook {
            let hooks = &mut secrets.hooks;
            hooks
                .entry(self.alias.to_owned())
                .or_insert_with(|| PushSecret {
                    name: secret::hex(),
                    key: secret::hex(),
                });
        }
        let key = secrets.hooks.get(self.alias).map(|hook| hook.key.clone());
        let known = secrets.credentials.entry(self.alias.to_owned());
        let known = known.or_default();
        for name in self.credentials {
            let made = || key.clone().unwrap_or_else(secret::hex);
            known.entry((*name).to_owned()).or_insert_with(made);
        }
    }

    fn credentials(&self, secrets: &Secrets) -> BTreeMap<String, String> {
        secrets
            .credentials
            .get(self.alias)
            .cloned()
            .unwrap_or_default()
    }

    fn secret(&self, secrets: &Secrets) -> PushSecret {
        secrets.hooks.get(self.alias).cloned().unwrap_or_default()
    }

    /// The account in the published form.
    pub(super) fn demo_channel(&self, secrets: &Secrets, places: &Places<'_>) -> DemoChannel {
        let secret = self.secret(secrets);
        let hook_url = || format!("{}/channels/hooks/{}", places.base_url, secret.name);
        let hook_url = self.has_hook.then(hook_url);
        DemoChannel {
            channel: self.adapter.to_owned(),
            webhook_url: hook_url.unwrap_or_default(),
            headers: owned(self.headers),
            base_url: format!("{}/{}", places.simulator_url, self.alias),
            credentials: self.credentials(secrets),
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
            credentials: self
                .credentials(secrets)
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            urls: self.urls(places)?,
            settings: owned(self.settings),
            enabled: true,
            hook_token: self.has_hook.then(|| secret.name.into()),
            polled_since: None,
        })
    }

    fn urls(&self, places: &Places<'_>) -> anyhow::Result<BTreeMap<String, Url>> {
        let url = |(name, path): &(&str, &str)| {
            let url = format!("{}/{path}", places.simulator_url).parse()?;
            Ok(((*name).to_owned(), url))
        };
        self.urls.iter().map(url).collect()
    }

    /// The stored token of its webhook URL, and the hash that is its key; `None` if it sends no webhooks.
    pub(super) fn hook_credential(
        &self,
        secrets: &Secrets,
    ) -> anyhow::Result<Option<(String, PushCredential)>> {
        if !self.has_hook {
            return Ok(None);
        }
        let token = self.secret(secrets).name;
        let (client, alias) = (secrets.client_id.parse()?, self.alias.parse()?);
        let credential = PushCredential::hook(&token, client, alias);
        Ok(Some((hook_token_hash(&token), credential)))
    }
}

fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
