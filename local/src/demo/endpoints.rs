//! The demo's webhook endpoints: one for each of the client's systems, all at the sink.

use anyhow::Context as _;
use logistics::domain::endpoint::{EndpointMethod, Filter, WebhookEndpoint};
use logistics::domain::message::MessageKind;
use logistics::domain::notification::NotificationType;
use logistics::domain::signing::SigningSecrets;

use crate::demo::{DemoEndpoint, Places, Secrets};
use crate::secret;

/// A system of the client.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) id: &'static str,
    /// The path at the sink.
    path: &'static str,
    method: EndpointMethod,
    messages: &'static [MessageKind],
    /// Notifications of other types are not sent to it.
    notification_types: Option<&'static [NotificationType]>,
}

/// The main system, whose secret has a place of its own.
pub(super) const MAIN: &str = "demo-sink";

/// Every system of the demo.
pub(super) const ALL: &[Receiver] = &[
    Receiver {
        id: MAIN,
        path: "webhooks/rms",
        method: EndpointMethod::Post,
        messages: &[
            MessageKind::Notification,
            MessageKind::Invoice,
            MessageKind::OutboundConfirmation,
            MessageKind::LogisticsStatus,
            MessageKind::Pgi,
            MessageKind::OrderStatus,
        ],
        notification_types: None,
    },
    Receiver {
        id: "acks",
        path: "webhooks/acks",
        method: EndpointMethod::Put,
        messages: &[MessageKind::ReturnOrderAck],
        notification_types: None,
    },
    Receiver {
        id: "returns",
        path: "webhooks/returns",
        method: EndpointMethod::Post,
        messages: &[MessageKind::ReturnsProcessingUpdate],
        notification_types: None,
    },
    Receiver {
        id: "oms",
        path: "webhooks/oms",
        method: EndpointMethod::Post,
        messages: &[
            MessageKind::OrderUpdate,
            MessageKind::OutboundOrder,
            MessageKind::ChannelOrder,
            MessageKind::LogisticsStatus,
            MessageKind::Notification,
            MessageKind::OrderStatus,
        ],
        notification_types: Some(&[NotificationType::ReturnOrderPlaced]),
    },
    Receiver {
        id: "wms",
        path: "webhooks/wms",
        method: EndpointMethod::Post,
        messages: &[MessageKind::Pgi],
        notification_types: None,
    },
];

impl Receiver {
    /// Creates the secret, unless an earlier run did.
    pub(super) fn add_secret(&self, secrets: &mut Secrets) {
        if self.id != MAIN {
            let all = &mut secrets.endpoints;
            all.entry(self.id.to_owned())
                .or_insert_with(secret::signing);
        }
    }

    fn secret<'a>(&self, secrets: &'a Secrets) -> anyhow::Result<&'a str> {
        let secret = if self.id == MAIN {
            Some(&secrets.signing_secret)
        } else {
            secrets.endpoints.get(self.id)
        };
        let secret = secret.with_context(|| format!("the endpoint {} has no secret", self.id))?;
        Ok(secret)
    }

    fn url(&self, places: &Places<'_>) -> String {
        format!("{}/{}", places.sink_url, self.path)
    }

    /// The endpoint in the published form.
    pub(super) fn demo_endpoint(
        &self,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<DemoEndpoint> {
        Ok(DemoEndpoint {
            url: self.url(places),
            method: self.method,
            messages: self.messages.to_vec(),
            signing_secret: self.secret(secrets)?.to_owned(),
        })
    }

    /// The endpoint in the stored form.
    pub(super) fn endpoint(
        &self,
        secrets: &Secrets,
        places: &Places<'_>,
    ) -> anyhow::Result<WebhookEndpoint> {
        let token = format!("Bearer {}", secrets.endpoint_token);
        let signing = SigningSecrets::new(self.secret(secrets)?.to_owned().into());
        Ok(WebhookEndpoint {
            method: self.method,
            messages: self.messages.to_vec(),
            filter: Filter {
                notification_types: self.notification_types.map(<[_]>::to_vec),
                ..Filter::default()
            },
            headers: [("authorization".to_owned(), token.into())].into(),
            ..WebhookEndpoint::new(
                secrets.client_id.parse()?,
                self.id.parse()?,
                self.url(places).parse()?,
                signing,
            )
        })
    }
}
