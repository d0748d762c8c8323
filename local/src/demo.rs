//! The demo data of a new stack: a client with an API key, an account per simulator and webhook endpoints at the sink.
//!
//! With a data directory the client keeps its key and secrets between runs. Addresses change with every run, so the accounts
//! and the endpoints are rewritten each time.

mod channels;
mod endpoints;
mod seeder;
mod vendors;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use logistics::domain::account::LogisticAccount;
use logistics::domain::endpoint::EndpointMethod;
use logistics::domain::message::MessageKind;
use serde::{Deserialize, Serialize};
use simulators::{PushTarget, Simulators};

use crate::backends::Backends;
use crate::private_file;
use crate::resources::Resources;
use crate::secret;
use seeder::Seeder;

/// The aliases of the demo's accounts, RMS Magic's first.
#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated by the compiler"
)]
pub const ALIASES: [&str; vendors::ALL.len()] = {
    let mut aliases = [""; vendors::ALL.len()];
    let mut index = 0;
    while index < aliases.len() {
        aliases[index] = vendors::ALL[index].alias;
        index += 1;
    }
    aliases
};

/// The seeded data, with what is needed to use it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Demo {
    /// The demo client.
    pub client_id: String,
    /// An API key of that client with all scopes.
    pub api_key: String,
    /// The main endpoint at the sink.
    pub endpoint_id: String,
    /// The secret that signs deliveries to that endpoint.
    pub signing_secret: String,
    /// The logistic accounts by alias.
    pub accounts: BTreeMap<String, DemoAccount>,
    /// The channel accounts by alias.
    #[serde(default)]
    pub channels: BTreeMap<String, DemoChannel>,
    /// All endpoints by id.
    #[serde(default)]
    pub endpoints: BTreeMap<String, DemoEndpoint>,
}

/// A logistic account of the demo client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoAccount {
    /// The aggregator's name.
    pub aggregator: String,
    /// The password for the simulator; the user name or e-mail address is fixed.
    #[serde(default)]
    pub password: String,
    /// The URL that this aggregator pushes to.
    pub push_url: String,
    /// The headers that authenticate a push.
    pub headers: BTreeMap<String, String>,
}

/// A channel account of the demo client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoChannel {
    /// The channel's name.
    pub channel: String,
    /// The URL that the channel sends its webhooks to; empty if it sends none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub webhook_url: String,
    /// The headers that authenticate a webhook, except a signature of its body.
    pub headers: BTreeMap<String, String>,
    /// The URL of the channel's simulator.
    pub base_url: String,
    /// The credentials for the simulator.
    pub credentials: BTreeMap<String, String>,
    /// The settings of the account.
    pub settings: BTreeMap<String, String>,
}

/// A webhook endpoint of the demo client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoEndpoint {
    /// The URL, at the sink.
    pub url: String,
    /// The HTTP method.
    pub method: EndpointMethod,
    /// The subscribed kinds of messages.
    pub messages: Vec<MessageKind>,
    /// The secret that signs its deliveries.
    pub signing_secret: String,
}

/// The URLs of the stack's parts, for the seeded accounts and endpoints.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    /// URL of the API.
    pub base_url: &'a str,
    /// URL of the aggregator simulators.
    pub simulator_url: &'a str,
    /// URL of the client sink.
    pub sink_url: &'a str,
}

/// What stays the same between runs.
#[derive(Debug, Serialize, Deserialize)]
struct Secrets {
    client_id: String,
    api_key: String,
    /// The signing secret of the main endpoint.
    signing_secret: String,
    /// The signing secret of each other endpoint, by id.
    #[serde(default)]
    endpoints: BTreeMap<String, String>,
    /// The token in the `authorization` header of the endpoints' deliveries.
    endpoint_token: String,
    /// The password of each account at the aggregator, by alias.
    #[serde(default)]
    passwords: BTreeMap<String, String>,
    /// The push secret of each account, by alias.
    #[serde(default)]
    pushes: BTreeMap<String, PushSecret>,
    /// The secrets of each channel account's webhooks, by alias.
    #[serde(default)]
    hooks: BTreeMap<String, PushSecret>,
    /// The credentials of each channel account, by alias and name.
    #[serde(default)]
    credentials: BTreeMap<String, BTreeMap<String, String>>,
}

/// The secret that authenticates an account's pushes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct PushSecret {
    /// The user name, or the token in the URL.
    name: String,
    /// The password, the key in a header, or the credential of a channel.
    key: String,
}

/// Seeds the demo, and creates the simulators of its accounts.
pub async fn seed(
    backends: &Backends,
    resources: &Resources,
    places: &Places<'_>,
    data: Option<&Path>,
) -> anyhow::Result<(Demo, Simulators)> {
    let secrets = secrets(data)?;
    let store = Seeder {
        backends,
        resources,
    };
    let mut demo = Demo::default();
    if store.has_a_place() {
        store.client(&secrets).await?;
        for vendor in vendors::ALL {
            store.account(vendor, &secrets, places).await?;
        }
        for channel in channels::ALL {
            store.channel(channel, &secrets, places).await?;
        }
        for receiver in endpoints::ALL {
            store.endpoint(receiver, &secrets, places).await?;
        }
        demo = demo_of(&secrets, places)?;
    }
    let simulators = simulators(&secrets, &demo, places, data.is_some())?;
    Ok((demo, simulators))
}

fn secrets(data: Option<&Path>) -> anyhow::Result<Secrets> {
    let file = data.map(|data| data.join("demo.json"));
    let mut secrets = match file.as_ref().filter(|file| file.exists()) {
        Some(known) => serde_json::from_slice(&std::fs::read(known)?)
            .with_context(|| format!("in {}", known.display()))?,
        None => new_secrets(),
    };
    for vendor in vendors::ALL {
        vendor.add_secrets(&mut secrets)?;
    }
    for channel in channels::ALL {
        channel.add_secrets(&mut secrets);
    }
    for receiver in endpoints::ALL {
        receiver.add_secret(&mut secrets);
    }
    if let Some(file) = file {
        private_file::write(&file, &serde_json::to_vec_pretty(&secrets)?)?;
    }
    Ok(secrets)
}

fn new_secrets() -> Secrets {
    Secrets {
        client_id: "demo".to_owned(),
        api_key: secret::api_key(),
        signing_secret: secret::signing(),
        endpoints: BTreeMap::new(),
        endpoint_token: secret::hex(),
        passwords: BTreeMap::new(),
        pushes: BTreeMap::new(),
        hooks: BTreeMap::new(),
        credentials: BTreeMap::new(),
    }
}

/// The account with this alias, as any stack has it, but with made-up secrets and places.
pub fn example(alias: &str) -> anyhow::Result<LogisticAccount> {
    let vendor = vendors::ALL.iter().find(|vendor| vendor.alias == alias);
    let vendor = vendor.with_context(|| format!("the demo has no account {alias}"))?;
    let places = Places {
        base_url: "https://api.example",
        simulator_url: "https://simulator.example",
        sink_url: "https://sink.example",
    };
    vendor.account(&secrets(None)?, &places)
}

fn demo_of(secrets: &Secrets, places: &Places<'_>) -> anyhow::Result<Demo> {
    Ok(Demo {
        client_id: secrets.client_id.clone(),
        api_key: secrets.api_key.clone(),
        endpoint_id: endpoints::MAIN.to_owned(),
        signing_secret: secrets.signing_secret.clone(),
        accounts: vendors::ALL
            .iter()
            .map(|vendor| {
                let account = vendor.demo_account(secrets, places)?;
                Ok((vendor.alias.to_owned(), account))
            })
            .collect::<anyhow::Result<_>>()?,
        channels: channels::ALL
            .iter()
            .map(|channel| {
                let account = channel.demo_channel(secrets, places);
                (channel.alias.to_owned(), account)
            })
            .collect(),
        endpoints: endpoints::ALL
            .iter()
            .map(|receiver| {
                let endpoint = receiver.demo_endpoint(secrets, places)?;
                Ok((receiver.id.to_owned(), endpoint))
            })
            .collect::<anyhow::Result<_>>()?,
    })
}

fn simulators(
    secrets: &Secrets,
    demo: &Demo,
    places: &Places<'_>,
    random_order_ids: bool,
) -> anyhow::Result<Simulators> {
    let config = vendors::simulators(secrets, places, random_order_ids);
    let simulators = Simulators::new(config)?;
    for (alias, account) in &demo.accounts {
        let target = PushTarget {
            url: account.push_url.clone(),
            headers: account.headers.clone(),
        };
        simulators.set_push_target(alias, target)?;
    }
    let with_hooks = demo.channels.iter();
    for (alias, channel) in with_hooks.filter(|(_, channel)| !channel.webhook_url.is_empty()) {
        let target = PushTarget {
            url: channel.webhook_url.clone(),
            headers: BTreeMap::new(),
        };
        simulators.set_push_target(alias, target)?;
    }
    Ok(simulators)
}
