//! The demo's accounts: one at each simulator, with the settings that the simulator requires.

use std::collections::BTreeMap;

use logistics::aggregators::push_proofs;
use logistics::domain::account::{LogisticAccount, Region};
use logistics::domain::credential::Credential;
use logistics::domain::proof::PushProofs;
use logistics::store::configuring::push_credentials::PushCredential;
use logistics::store::keys::{push_token_hash, push_user_hash};
use simulators::{ClickpostConfig, MagicConfig, ShiprocketConfig, ShipwayConfig, SimulatorsConfig};
use url::Url;

use crate::demo::{DemoAccount, Places, PushSecret, Secrets};
use crate::secret;

/// The user name at the aggregators.
const USER: &str = "rms";
const EMAIL: &str = "rms@brand.example";

const MAGIC: &str = "magic";
const CLICKPOST: &str = "clickpost";
const SHIPROCKET: &str = "shiprocket";
const SHIPWAY: &str = "shipway";

/// An aggregator as the demo's client uses it.
#[derive(Debug)]
pub(super) struct Vendor {
    pub(super) alias: &'static str,
    aggregator: &'static str,
    /// The names of the two credentials: user and secret.
    credentials: [&'static str; 2],
    user: &'static str,
    /// The URL paths at the simulator, by name.
    urls: &'static [(&'static str, &'static str)],
    settings: &'static [(&'static str, &'static str)],
    proof: Proof,
}

/// How pushes are authenticated.
#[derive(Debug)]
enum Proof {
    /// A user name and a password in headers.
    Credential,
    /// A token in the URL, and a key in this header if the vendor sends one.
    Token(Option<&'static str>),
}

/// Every vendor of the demo.
pub(super) const ALL: &[Vendor] = &[
    Vendor {
        alias: MAGIC,
        aggregator: "RMS_MAGIC",
        credentials: ["authUsername", "authPassword"],
        user: USER,
        urls: &[
            ("generateShippingLabel", "magic/generate-shipping-label"),
            ("getShippingLabel", "magic/get-shipping-label"),
            ("generateReturnAwb", "magic/generate-return-awb"),
            ("getReturnAwb", "magic/get-return-awb"),
            ("getCouriers", "magic/get-couriers"),
        ],
        settings: &[],
        proof: Proof::Credential,
    },
    Vendor {
        alias: CLICKPOST,
        aggregator: "CLICKPOST",
        credentials: ["username", "key"],
        user: USER,
        urls: &[("baseUrl", "clickpost/api")],
        settings: &[
            ("sellerGstin", "29ABCDE1234F1Z5"),
            ("contactEmail", "orders@brand.example"),
            ("defaultWeight", "500"),
        ],
        proof: Proof::Token(Some("webhook_key")),
    },
    Vendor {
        alias: SHIPROCKET,
        aggregator: "SHIPROCKET",
        credentials: ["email", "password"],
        user: EMAIL,
        urls: &[("baseUrl", "shiprocket/v1/external")],
        settings: &[
            ("pickupLocation", "Primary"),
            ("defaultEmail", "orders@brand.example"),
            ("defaultWeight", "500"),
        ],
        proof: Proof::Token(Some("x-api-key")),
    },
    Vendor {
        alias: SHIPWAY,
        aggregator: "SHIPWAY",
        credentials: ["email", "licenseKey"],
        user: EMAIL,
        urls: &[("baseUrl", "shipway/api")],
        settings: &[("warehouseId", "6201"), ("returnReasonId", "41011")],
        proof: Proof::Token(None),
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
    }
}

impl Vendor {
    /// Creates the vendor's secrets, unless an earlier run did.
    pub(super) fn add_secrets(&self, secrets: &mut Secrets) {
        let alias = || self.alias.to_owned();
        secrets.passwords.entry(alias()).or_insert_with(secret::hex);
        let push = || PushSecret {
            name: self.new_push_name(),
            key: secret::hex(),
        };
        secrets.pushes.entry(alias()).or_insert_with(push);
    }

    /// A new user name or token. A token has only lower-case hexadecimal digits, because vendors refuse URLs that contain
    /// their name.
    fn new_push_name(&self) -> String {
        match self.proof {
            Proof::Credential => format!("{}-{}", self.alias, secret::short()),
            Proof::Token(_) => secret::hex(),
        }
    }

    /// The account in the published form.
    pub(super) fn demo_account(&self, secrets: &Secrets, places: &Places<'_>) -> DemoAccount {
        let push = self.push_secret(secrets);
        let (path, headers) = match self.proof {
            Proof::Credential => (
                "rms-magic/notification/push".to_owned(),
                vec![("authUsername", push.name), ("authPassword", push.key)],
            ),
            Proof::Token(Some(header)) => (
                format!("notifications/{}", push.name),
                vec![(header, push.key)],
            ),
            Proof::Token(None) => (format!("notifications/{}", push.name), Vec::new()),
        };
        let owned = |(name, value): (&str, String)| (name.to_owned(), value);
        DemoAccount {
            aggregator: self.aggregator.to_owned(),
            password: secrets
                .passwords
                .get(self.alias)
                .cloned()
                .unwrap_or_default(),
            push_url: format!("{}/{path}", places.base_url),
            headers: headers.into_iter().map(owned).collect(),
        }
    }

    /// The account in the stored form.
    pub(super) fn account(
        &self,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<LogisticAccount> {
        let [user, password] = self.credentials;
        let secret = secrets.passwords.get(self.alias).cloned();
        let credentials = [
            (user.to_owned(), self.user.to_owned().into()),
            (password.to_owned(), secret.unwrap_or_default().into()),
        ];
        let setting = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let webhook_key = matches!(self.proof, Proof::Token(Some(_)))
            .then(|| self.push_secret(secrets).key.into());
        let account = LogisticAccount {
            client_id: secrets.client_id.parse()?,
            alias: self.alias.parse()?,
            aggregator: self.aggregator.parse()?,
            region: Region::Domestic,
            credentials: credentials.into(),
            urls: self.urls(places)?,
            settings: self.settings.iter().map(setting).collect(),
            warehouses: BTreeMap::new(),
            default_courier: None,
            notifications_enabled: true,
            proofs: PushProofs::default(),
            push_name: Some(self.push_secret(secrets).name.into()),
        };
        Ok(LogisticAccount {
            proofs: push_proofs(&account, webhook_key.as_ref()),
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
        Ok(match self.proof {
            Proof::Credential => {
                let hash = push_user_hash(&push.name);
                let proof = Credential {
                    user_name: push.name,
                    secret: push.key,
                    domain_name: None,
                };
                (hash, PushCredential::new(&proof, client, alias))
            }
            Proof::Token(_) => (
                push_token_hash(&push.name),
                PushCredential::token(&push.name, client, alias),
            ),
        })
    }

    fn push_secret(&self, secrets: &Secrets) -> PushSecret {
        let secret = secrets.pushes.get(self.alias).cloned();
        secret.unwrap_or_else(|| PushSecret {
            name: String::new(),
            key: String::new(),
        })
    }
}
