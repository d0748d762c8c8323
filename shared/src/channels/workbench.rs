//! Test support for adapters: a channel with prepared responses and an account.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;
use wiremock::{MockServer, Request as Received};

use crate::channels::call::ChannelCall;
use crate::domain::account::ChannelAccount;
use crate::outbound::client::Outbound;
use crate::outbound::target::AllowedTargets;
use crate::partners::call::Deadline;
use crate::partners::workbench::MemorySessions;

/// The current time of every test.
const NOW: &str = "2026-11-21T10:30:00Z";
/// Long enough for a response on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// An account at a channel that `server` simulates.
pub(crate) struct ChannelBench {
    /// The channel: mount its responses.
    pub(crate) server: MockServer,
    /// The account; its `baseUrl` is the URL of the server.
    pub(crate) account: ChannelAccount,
    /// The stored tokens.
    pub(crate) sessions: MemorySessions,
    outbound: Outbound,
}

impl ChannelBench {
    /// An account at this channel with these credentials.
    pub(crate) async fn start(channel: &str, credentials: &[(&str, &str)]) -> Self {
        let server = MockServer::start().await;
        let mut account = account(channel, credentials);
        let url = server.uri().parse().unwrap();
        account.urls.insert("baseUrl".to_owned(), url);
        Self {
            account,
            outbound: Outbound::new(AllowedTargets::parse(&server.address().to_string())).unwrap(),
            sessions: MemorySessions::default(),
            server,
        }
    }

    /// A call for the account.
    pub(crate) fn call(&self) -> ChannelCall<'_> {
        ChannelCall::new(
            &self.account,
            &self.outbound,
            &self.sessions,
            Deadline::after(PATIENCE),
            NOW.parse().unwrap(),
        )
    }

    /// The calls that the channel received, in order.
    pub(crate) async fn received(&self) -> Vec<Received> {
        self.server.received_requests().await.unwrap()
    }
}

/// An account without a server, for webhooks.
pub(crate) fn account(channel: &str, credentials: &[(&str, &str)]) -> ChannelAccount {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), SecretString::from(*value));
    ChannelAccount {
        client_id: "client-1".parse().unwrap(),
        alias: "account-1".parse().unwrap(),
        channel: channel.parse().unwrap(),
        credentials: credentials.iter().map(owned).collect(),
        urls: BTreeMap::new(),
        settings: BTreeMap::new(),
        enabled: true,
        hook_token: None,
        polled_since: None,
    }
}
