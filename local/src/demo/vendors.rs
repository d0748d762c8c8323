//! The demo's accounts: one at each simulator, with the settings that the simulator requires.

use std::collections::BTreeMap;

use anyhow::Context as _;
use logistics::aggregators::{PushProof, find_configured, push_proofs};
use logistics::domain::account::{LogisticAccount, Region};
use logistics::domain::credential::Credential;
use logistics::domain::proof::PushProofs;
use logistics::domain::status_mappings::StatusMappings;
use logistics::store::configuring::push_credentials::PushCredential;
use logistics::store::keys::{push_token_hash, push_user_hash};
use simulators::{
    ClickpostConfig, MagicConfig, ShipperConfig, ShiprocketConfig, ShipwayConfig, SimulatorsConfig,
};
use url::Url;

use crate::demo::{DemoAccount, Places, PushSecret, Secrets, channels};
use crate::secret;

/// The user name at the aggregators.
const USER: &str = "rms";
const EMAIL: &str = "rms@brand.example";

const MAGIC: &str = "magic";
const CLICKPOST: &str = "clickpost";
const SHIPROCKET: &str = "shiprocket";
const SHIPWAY: &str = "shipway";
const SHIPPER: &str = "shipper";

/// An aggregator as the demo's client uses it.
#[derive(Debug)]
pub(super) struct Vendor {
    pub(super) alias: &'static str,
    aggregator: &'static str,
    credentials: &'static [(&'static str, Given)],
    /// The URL paths at the simulator, by name.
    urls: &'static [(&'static str, &'static str)],
    settings: &'static [(&'static str, &'static str)],
}

/// The value of a credential.
#[derive(Debug)]
enum Given {
    /// The same in every stack, such as a user name.
    Fixed(&'static str),
    /// The account's password at the simulator, which each stack makes.
    Password,
}

/// Every vendor of the demo.
pub(super) const ALL: &[Vendor] = &[
    Vendor {
        alias: MAGIC,
        aggregator: "RMS_MAGIC",
        credentials: &[
            ("authUsername", Given::Fixed(USER)),
            ("authPassword", Given::Password),
        ],
        urls: &[
            ("generateShippingLabel", "magic/generate-shipping-label"),
            ("getShippingLabel", "magic/get-shipping-label"),
            ("generateReturnAwb", "magic/generate-return-awb"),
            ("getReturnAwb", "magic/get-return-awb"),
            ("getCouriers", "magic/get-couriers"),
        ],
        settings: &[],
    },
    Vendor {
        alias: CLICKPOST,
        aggregator: "CLICKPOST",
        credentials: &[("username", Given::Fixed(USER)), ("key", Given::Password)],
        urls: &[("baseUrl", "clickpost/api")],
        settings: &[
            ("sellerGstin", "29ABCDE1234F1ZW"),
            ("contactEmail", "orders@brand.example"),
            ("defaultWeight", "500"),
        ],
    },
    Vendor {
        alias: SHIPROCKET,
        aggregator: "SHIPROCKET",
        credentials: &[
            ("email", Given::Fixed(EMAIL)),
            ("password", Given::Password),
        ],
        urls: &[("baseUrl", "shiprocket/v1/external")],
        settings: &[
            ("pickupLocation", "Primary"),
            ("defaultEmail", "orders@brand.example"),
            ("defaultWeight", "500"),
        ],
    },
    Vendor {
        alias: SHIPWAY,
        aggregator: "SHIPWAY",
        credentials: &[
            ("email", Given::Fixed(EMAIL)),
            ("licenseKey", Given::Password),
        ],
        urls: &[("baseUrl", "shipway/api")],
        settings: &[("warehouseId", "6201"), ("returnReasonId", "41011")],
    },
    Vendor {
        alias: SHIPPER,
        aggregator: "SHIPPER",
        credentials: &[("apiKey", Given::Password)],
        urls: &[("baseUrl", "shipper")],
        settings: &[
            ("defaultLength", "20"),
            ("defaultBreadth", "15"),
            ("defaultHeight", "10"),
            ("defaultWeight", "500"),
        ],
    },
];

/// The simulators, with the credentials that the accounts have. Order ids are random if data of earlier runs may be kept.
pub(super) fn simulators(
    secrets: &Secrets,
    places: &Places<'_>,
    random_order_ids: bool,
) -> SimulatorsConfig {
    let password = |alias: &str| secrets.passwords.get(alias).cloned().unwrap_or_default();
    SimulatorsConfig {
        base_url: places.simulator_url.to_owned(),
        magic: MagicConfig {
            auth_domain_name: None,
            auth_username: USER.to_owned(),
            auth_password: password(MAGIC),
            random_order_ids,
        },
        clickpost: ClickpostConfig {
            username: USER.to_owned(),
            key: password(CLICKPOST),
        },
        shiprocket: ShiprocketConfig {
            email: EMAIL.to_owned(),
            password: password(SHIPROCKET),
        },
        shipway: ShipwayConfig {
            email: EMAIL.to_owned(),
            license_key: password(SHIPWAY),
        },
        shipper: ShipperConfig {
            api_key: password(SHIPPER),
        },
        magento: channels::magento(secrets),
        shopify: channels::shopify(secrets),
        return_prime: channels::return_prime(secrets),
    }
}

impl Vendor {
    /// Creates the vendor's secrets, unless an earlier run did.
    pub(super) fn add_secrets(&self, secrets: &mut Secrets) -> anyhow::Result<()> {
        let alias = || self.alias.to_owned();
        secrets.passwords.entry(alias()).or_insert_with(secret::hex);
        let push = PushSecret {
            name: self.new_push_name()?,
            key: secret::hex(),
        };
        secrets.pushes.entry(alias()).or_insert(push);
        Ok(())
    }

    /// A new user name or token. A token has only lower-case hexadecimal digits, because vendors refuse URLs that contain
    /// their name.
    fn new_push_name(&self) -> anyhow::Result<String> {
        Ok(match self.push_proof()? {
            PushProof::Credential => format!("{}-{}", self.alias, secret::short()),
            PushProof::Token { .. } => secret::hex(),
        })
    }

    /// How the aggregator authenticates its pushes.
    fn push_proof(&self) -> anyhow::Result<PushProof> {
        let adapter = find_configured(&self.aggregator.parse()?);
        let adapter = adapter.with_context(|| format!("{} is not registered", self.aggregator))?;
        Ok(adapter.push_proof())
    }

    /// The account in the published form.
    pub(super) fn demo_account(
        &self,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<DemoAccount> {
        let push = self.push_secret(secrets);
        let (path, headers) = match self.push_proof()? {
            PushProof::Credential => (
                "rms-magic/notification/push".to_owned(),
                vec![("authUsername", push.name), ("authPassword", push.key)],
            ),
            PushProof::Token { key_header } => (
                format!("notifications/{}", push.name),
                key_header
                    .map(|header| (header, push.key))
                    .into_iter()
                    .collect(),
            ),
        };
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        Ok(DemoAccount {
            aggregator: self.aggregator.to_owned(),
            password: self.password(secrets),
            push_url: format!("{}/{path}", places.base_url),
            headers: headers.into_iter().map(owned).collect(),
        })
    }

    fn password(&self, secrets: &Secrets) -> String {
        let password = secrets.passwords.get(self.alias);
        password.cloned().unwrap_or_default()
    }

    /// The account in the stored form.
    pub(super) fn account(
        &self,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<LogisticAccount> {
        let credential = |(name, value): &(&str, Given)| {
            let value = match value {
                Given::Fixed(value) => (*value).to_owned(),
                Given::Password => self.password(secrets),
            };
            ((*name).to_owned(), value.into())
        };
        let setting = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let has_key = matches!(
            self.push_proof()?,
            PushProof::Token {
                key_header: Some(_)
            }
        );
        let webhook_key = has_key.then(|| self.push_secret(secrets).key.into());
        let account = LogisticAccount {
            client_id: secrets.client_id.parse()?,
            alias: self.alias.parse()?,
            aggregator: self.aggregator.parse()?,
            region: Region::Domestic,
            credentials: self.credentials.iter().map(credential).collect(),
            urls: self.urls(places)?,
            settings: self.settings.iter().map(setting).collect(),
            warehouses: BTreeMap::new(),
            default_courier: None,
            notifications_enabled: true,
            status_mappings: StatusMappings::default(),
            proofs: PushProofs::default(),
            push_name: Some(self.push_secret(secrets).name.into()),
        };
        Ok(LogisticAccount {
            proofs: push_proofs(&account, places.base_url, webhook_key.as_ref()),
            ..account
        })
    }

    fn urls(&self, places: &Places<'_>) -> anyhow::Result<BTreeMap<String, Url>> {
        let url = |(name, path): &(&str, &str)| {
            let url = format!("{}/{path}", places.simulator_url).parse()?;
            Ok(((*name).to_owned(), url))
        };
        self.urls.iter().map(url).collect()
    }

    /// The stored push credential, and the hash that is its key.
    pub(super) fn push_credential(
        &self,
        secrets: &Secrets,
    ) -> anyhow::Result<(String, PushCredential)> {
        let push = self.push_secret(secrets);
        let (client, alias) = (secrets.client_id.parse()?, self.alias.parse()?);
        Ok(match self.push_proof()? {
            PushProof::Credential => {
                let hash = push_user_hash(&push.name);
                let proof = Credential {
                    user_name: push.name,
                    secret: push.key,
                    domain_name: None,
                };
                (hash, PushCredential::new(&proof, client, alias))
            }
            PushProof::Token { .. } => (
                push_token_hash(&push.name),
                PushCredential::token(&push.name, client, alias),
            ),
        })
    }

    fn push_secret(&self, secrets: &Secrets) -> PushSecret {
        secrets.pushes.get(self.alias).cloned().unwrap_or_default()
    }
}
