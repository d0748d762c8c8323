//! The proof of a webhook: `X-Shopify-Hmac-Sha256` is the HMAC-SHA256 of the raw body with the app's client secret, in base64, and
//! `X-Shopify-Shop-Domain` names the account's shop.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use ring::hmac::{HMAC_SHA256, Key, verify};
use secrecy::{ExposeSecret as _, SecretString};

use crate::channels::shopify::account::{CLIENT_SECRET, PREVIOUS_SECRET, SHOP_DOMAIN};
use crate::channels::shopify::push::header;
use crate::domain::account::ChannelAccount;

const SIGNATURE: &str = "x-shopify-hmac-sha256";
const SHOP: &str = "x-shopify-shop-domain";

/// Whether one of the account's secrets signed the body, and it comes from the account's shop. Both secrets are always tried,
/// and signatures are compared in constant time.
pub(super) fn is_authentic(account: &ChannelAccount, headers: &HeaderMap, body: &[u8]) -> bool {
    let Some(signature) = header(headers, SIGNATURE).and_then(|text| STANDARD.decode(text).ok())
    else {
        return false;
    };
    let secrets = [CLIENT_SECRET, PREVIOUS_SECRET];
    let secrets = secrets
        .iter()
        .filter_map(|name| account.credentials.get(*name));
    let valid = secrets.filter(|secret| is_signed(secret, &signature, body));
    valid.count() > 0 && is_of_shop(account, headers)
}

fn is_signed(secret: &SecretString, signature: &[u8], body: &[u8]) -> bool {
    let key = Key::new(HMAC_SHA256, secret.expose_secret().as_bytes());
    verify(&key, body, signature).is_ok()
}

/// An app has one secret for all shops that it is installed in.
fn is_of_shop(account: &ChannelAccount, headers: &HeaderMap) -> bool {
    let own = account.setting(SHOP_DOMAIN).map(str::trim);
    let pair = own.zip(header(headers, SHOP));
    pair.is_some_and(|(own, sent)| own.eq_ignore_ascii_case(sent))
}
