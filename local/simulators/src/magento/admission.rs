//! Who may call: OAuth 1.0a signatures, an integration's token as Bearer where the shop allows it, admin tokens, and tokens of
//! Adobe's cloud service.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Query;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::magento::oauth::{self, Secrets};
use crate::magento::refusal::Refusal;
use crate::magento::{MagentoConfig, cloud};

/// How long an admin token is valid.
const ADMIN_TOKEN: SignedDuration = SignedDuration::from_hours(4);

/// The paths of Adobe's cloud service.
const CLOUD: &str = "/magento/cloud/";

/// How far ahead a signature's time may be, in seconds.
const MOST_AHEAD: i64 = 600;

/// The tokens issued and the nonces used.
#[derive(Default)]
pub(super) struct Admission {
    admin_tokens: BTreeMap<String, Timestamp>,
    cloud_tokens: BTreeMap<String, Timestamp>,
    nonces: BTreeSet<(String, i64)>,
}

impl Admission {
    /// Refuses a call that is not authenticated, or lacks the right for `resource`.
    pub(super) fn check(
        &mut self,
        config: &MagentoConfig,
        url: &str,
        request: &VendorRequest,
        resource: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if request.uri().path().starts_with(CLOUD) {
            cloud::check(self, config, request, now)?;
            return allowed(config, resource);
        }
        let header = request.header("authorization").unwrap_or_default();
        let admitted = match header.strip_prefix("Bearer ") {
            Some(token) => self.admits_bearer(config, token, now),
            None => self.check_signature(config, url, request, header, now)?,
        };
        if !admitted {
            return Err(Refusal::forbidden(resource));
        }
        allowed(config, resource)
    }

    /// Keeps a token of Adobe's cloud service.
    pub(super) fn keep_cloud_token(&mut self, token: String, end: Timestamp) {
        self.cloud_tokens.insert(token, end);
    }

    /// Whether a token of Adobe's cloud service is valid.
    pub(super) fn knows_cloud_token(&self, token: &str, now: Timestamp) -> bool {
        self.cloud_tokens.get(token).is_some_and(|end| now < *end)
    }

    /// `POST /V1/integration/admin/token`: a bare string.
    pub(super) fn issue(
        &mut self,
        config: &MagentoConfig,
        request: &VendorRequest,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        let body = request.body();
        let given = |name| body.get(name).and_then(Value::as_str);
        let username = given("username").ok_or_else(|| Refusal::required("username"))?;
        let password = given("password").ok_or_else(|| Refusal::required("password"))?;
        if config.username.is_empty()
            || (username, password) != (&config.username, &config.password)
        {
            return Err(Refusal::unauthorized(
                "The account sign-in was incorrect or your account is disabled temporarily. \
                 Please wait and try again later.",
            ));
        }
        let token = uuid::Uuid::new_v4().simple().to_string();
        let end = now.saturating_add(ADMIN_TOKEN).unwrap_or(now);
        self.admin_tokens.insert(token.clone(), end);
        Ok(json!(token))
    }

    /// Ends all tokens; returns their number.
    pub(super) fn expire_all(&mut self) -> usize {
        let cloud = std::mem::take(&mut self.cloud_tokens).len();
        std::mem::take(&mut self.admin_tokens)
            .len()
            .saturating_add(cloud)
    }

    fn admits_bearer(&self, config: &MagentoConfig, token: &str, now: Timestamp) -> bool {
        let integration = config.integration_as_bearer
            && !config.access_token.is_empty()
            && token == config.access_token;
        integration || self.admin_tokens.get(token).is_some_and(|end| now < *end)
    }

    fn check_signature(
        &mut self,
        config: &MagentoConfig,
        url: &str,
        request: &VendorRequest,
        header: &str,
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        let Some(mut parameters) = oauth::header_parameters(header) else {
            return Ok(false);
        };
        let of = |name| taken(&parameters, name).ok_or_else(|| missing(name));
        let (key, token) = (of("oauth_consumer_key")?, of("oauth_token")?);
        let (nonce, sent) = (of("oauth_nonce")?, of("oauth_signature")?);
        let time = of("oauth_timestamp")?.parse::<i64>().unwrap_or_default();
        if of("oauth_signature_method")? != "HMAC-SHA256" {
            return Err(Refusal::unauthorized("Signature method is not supported."));
        }
        if config.consumer_key.is_empty() || key != config.consumer_key {
            return Err(Refusal::unauthorized(
                "A consumer having the specified key does not exist",
            ));
        }
        if token != config.access_token {
            return Err(Refusal::unauthorized("Specified token does not exist"));
        }
        parameters.retain(|(name, _)| name != "oauth_signature" && name != "realm");
        let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
        parameters.extend(query.map(|Query(pairs)| pairs).unwrap_or_default());
        let secrets = Secrets {
            consumer: &config.consumer_secret,
            token: &config.access_token_secret,
        };
        if oauth::signature(request.method().as_str(), url, &parameters, &secrets) != sent {
            return Err(Refusal::unauthorized(
                "The signature is invalid. Verify and try again.",
            ));
        }
        self.use_nonce(nonce, time, now)?;
        Ok(true)
    }

    fn use_nonce(&mut self, nonce: String, time: i64, now: Timestamp) -> Result<(), Refusal> {
        if time <= 0 || time > now.as_second().saturating_add(MOST_AHEAD) {
            return Err(Refusal::unauthorized(
                "Incorrect timestamp value in the oauth_timestamp parameter",
            ));
        }
        if !self.nonces.insert((nonce, time)) {
            return Err(Refusal::unauthorized(
                "The nonce is already being used by the consumer with this ID.",
            ));
        }
        Ok(())
    }
}

fn allowed(config: &MagentoConfig, resource: &str) -> Result<(), Refusal> {
    if config.missing_rights.iter().any(|right| right == resource) {
        return Err(Refusal::forbidden(resource));
    }
    Ok(())
}

fn taken(parameters: &[(String, String)], name: &str) -> Option<String> {
    let found = parameters.iter().find(|(known, _)| known == name)?;
    Some(found.1.clone())
}

fn missing(name: &str) -> Refusal {
    Refusal::unauthorized(&format!(
        "oauth_parameters_absent={name}. Verify and try again."
    ))
}
