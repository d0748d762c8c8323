//! A channel account as shown to the client.

use logistics::channels::find_configured;
use logistics::contract::channel_account::body::ChannelAccountBody;
use logistics::domain::account::ChannelAccount;
use secrecy::ExposeSecret;

/// The account without its credentials.
pub(crate) fn shown(account: &ChannelAccount, base_url: &str) -> ChannelAccountBody {
    let token = account.hook_token.as_ref().map(ExposeSecret::expose_secret);
    ChannelAccountBody {
        webhook_url: token.map(|token| format!("{base_url}/channels/hooks/{token}")),
        ..listed(account)
    }
}

/// The account in a list: also without its webhook URL, which contains a token.
pub(crate) fn listed(account: &ChannelAccount) -> ChannelAccountBody {
    let names = account.credentials.keys();
    let urls = account.urls.iter();
    ChannelAccountBody {
        alias: account.alias.to_string(),
        channel: account.channel.to_string(),
        credentials: names.map(|name| (name.clone(), None)).collect(),
        urls: urls
            .map(|(name, url)| (name.clone(), url.to_string()))
            .collect(),
        settings: account.settings.clone(),
        enabled: account.enabled,
        webhook_url: None,
        at_the_channel: find_configured(&account.channel)
            .into_iter()
            .flat_map(|adapter| adapter.form().at_the_partner)
            .map(|sentence| (*sentence).to_owned())
            .collect(),
        poll: None,
    }
}
