//! The clients' systems of a scenario: healthy, slow and dead ones, each with its own endpoint.

use std::time::Duration;

use anyhow::Context as _;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use local::http_server::HttpServer;
use local::stack::Stack;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::signing::SigningSecrets;
use logistics::flows::configuring::mint_api_key::{new_id, new_key};
use logistics::random::secret_bytes;
use logistics::store::configuring::api_keys::add_first;
use logistics::store::configuring::endpoints::Endpoints;
use operator::client::first_key;
use secrecy::ExposeSecret as _;
use simulators::sink::{self, Behaviour, Sink};
use tokio::net::TcpListener;

/// How long a slow client takes to answer.
const SLOW: Duration = Duration::from_secs(10);

/// The number of systems of each kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kinds {
    pub(super) healthy: usize,
    /// Systems that answer late.
    pub(super) slow: usize,
    /// Addresses without a listener.
    pub(super) dead: usize,
}

/// The started systems.
pub(super) struct Clients {
    pub(super) healthy: Vec<Sink>,
    addresses: Vec<String>,
    /// The servers, which stop when this is dropped.
    servers: Vec<HttpServer>,
}

impl Clients {
    pub(super) async fn start(kinds: Kinds) -> anyhow::Result<Self> {
        let mut clients = Self {
            healthy: Vec::new(),
            addresses: Vec::new(),
            servers: Vec::new(),
        };
        for _ in 0..kinds.healthy {
            let sink = clients.listen(Behaviour::default()).await?;
            clients.healthy.push(sink);
        }
        for _ in 0..kinds.slow {
            clients
                .listen(Behaviour {
                    delay_ms: u64::try_from(SLOW.as_millis())?,
                    ..Behaviour::default()
                })
                .await?;
        }
        for _ in 0..kinds.dead {
            let unused = TcpListener::bind(("127.0.0.1", 0)).await?;
            clients.addresses.push(unused.local_addr()?.to_string());
        }
        Ok(clients)
    }

    async fn listen(&mut self, behaviour: Behaviour) -> anyhow::Result<Sink> {
        let sink = Sink::default();
        sink.behave(behaviour)?;
        let server = HttpServer::on_free_port(sink::router(sink.clone())).await?;
        self.addresses.push(server.address().to_string());
        self.servers.push(server);
        Ok(sink)
    }

    /// The addresses of all systems.
    pub(super) fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// The addresses that functions must be allowed to call.
    pub(super) fn targets(&self) -> String {
        self.addresses.join(",")
    }

    /// Replaces the demo's endpoint with one endpoint per system.
    pub(super) async fn connect(&self, stack: &Stack) -> anyhow::Result<()> {
        let demo = stack.demo().context("the stack has no demo")?;
        let table = stack.resources().tables.get("EndpointsTable");
        let table = table.context("the template has no EndpointsTable")?;
        let dynamodb = stack.backends().dynamodb_client();
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let delete = dynamodb
            .delete_item()
            .table_name(table)
            .key("clientId", text(&demo.client_id))
            .key("endpointId", text(&demo.endpoint_id));
        delete.send_with(&dynamodb).await?;
        let endpoints = Endpoints::new(dynamodb, table.clone(), stack.backends().vault());
        for (number, address) in self.addresses.iter().enumerate() {
            let endpoint = endpoint(&demo.client_id, number, address)?;
            endpoints.add(&endpoint).await?;
        }
        Ok(())
    }
}

fn endpoint(client_id: &str, number: usize, address: &str) -> anyhow::Result<WebhookEndpoint> {
    let secret = format!("whsec_{}", STANDARD.encode(secret_bytes()?));
    Ok(WebhookEndpoint::new(
        client_id.parse()?,
        format!("client-{number}").parse()?,
        format!("http://{address}/webhooks").parse()?,
        SigningSecrets::new(secret.into()),
    ))
}

/// The first key of a client other than the demo's.
pub(super) async fn key_of(stack: &Stack, client: &str) -> anyhow::Result<String> {
    let table = stack.resources().tables.get("ApiKeysTable");
    let table = table.context("the template has no ApiKeysTable")?;
    let (api_key, described) = (new_key()?, first_key(new_id(), client));
    let dynamodb = stack.backends().dynamodb_client();
    add_first(&dynamodb, table, &api_key, &client.parse()?, &described).await?;
    Ok(api_key.expose_secret().to_owned())
}
