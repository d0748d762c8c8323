//! An account as shown to the client.

use std::collections::BTreeMap;

use logistics::aggregators::{PushProof, Registers, find_configured, push_url};
use logistics::contract::account::body::{AccountBody, PushCredentialBody};
use logistics::domain::account::LogisticAccount;
use secrecy::{ExposeSecret, SecretString};

/// The account without its secrets, except the password created by this request.
pub(crate) fn shown(
    account: &LogisticAccount,
    base_url: &str,
    push_password: Option<&SecretString>,
) -> AccountBody {
    let adapter = find_configured(&account.aggregator);
    let proof = adapter.map(Registers::push_proof);
    let push_name = account.push_name.as_ref().map(ExposeSecret::expose_secret);
    let names = account.credentials.keys();
    let urls = account.urls.iter();
    let warehouses = account.warehouses.iter();
    let courier = account.default_courier.as_ref();
    AccountBody {
        alias: account.alias.to_string(),
        aggregator: account.aggregator.to_string(),
        region: account.region,
        credentials: names.map(|name| (name.clone(), None)).collect(),
        urls: urls
            .map(|(name, url)| (name.clone(), url.to_string()))
            .collect(),
        settings: account.settings.clone(),
        warehouses: warehouses
            .map(|(code, settings)| (code.to_string(), settings.clone()))
            .collect::<BTreeMap<_, _>>(),
        notifications_enabled: account.notifications_enabled,
        status_mappings: account.status_mappings.words().clone(),
        default_courier_id: courier.and_then(|courier| courier.as_str().parse().ok()),
        has_webhook_key: account.proofs.webhook_key.is_some(),
        push_url: proof.and_then(|proof| push_url(base_url, proof, account)),
        push_credential: push_name
            .filter(|_| proof == Some(PushProof::Credential))
            .map(|name| PushCredentialBody {
                auth_username: name.to_owned(),
                auth_password: push_password.map(|password| password.expose_secret().to_owned()),
            }),
        at_the_aggregator: adapter
            .into_iter()
            .flat_map(|adapter| adapter.form().at_the_partner)
            .map(|sentence| (*sentence).to_owned())
            .collect(),
    }
}

/// The account in a list: without a push URL that contains a token.
pub(crate) fn listed(account: &LogisticAccount, base_url: &str) -> AccountBody {
    let shown = shown(account, base_url, None);
    AccountBody {
        push_url: shown.push_url.filter(|_| shown.push_credential.is_some()),
        ..shown
    }
}
