//! The form of a webhook endpoint, and the body that it makes.

use askama::Template;
use logistics::domain::message::{DEFAULT_KINDS, MessageKind};
use serde_json::{Map, Value, json};
use strum::IntoEnumIterator as _;

use super::Endpoint;
use crate::form::{Form, lines};
use crate::frame::Frame;
use crate::screens::types::{TypeGroup, type_groups};
use crate::shown_problem::{FieldError, ShownProblem};

/// The pointers of the fields that say what is wrong with them.
const FIELDS: [&str; 12] = [
    "/id",
    "/url",
    "/messages",
    "/notificationTypes",
    "/logisticAccountAliases",
    "/warehouseCodes",
    "/headers",
    "/basic",
    "/signatureScheme",
    "/giveUpAfter",
    "/lanes",
    "/signingSecret",
];

/// The fields, as they are entered.
#[derive(Debug, Default, Clone)]
pub(super) struct EndpointForm {
    pub(super) id: String,
    /// The version that the visitor saw; empty for a new endpoint.
    pub(super) version: String,
    url: String,
    method: String,
    messages: Vec<String>,
    notification_types: Vec<String>,
    shipment_types: Vec<String>,
    aliases: String,
    warehouses: String,
    /// One a line; a name without a value keeps what is stored.
    headers: String,
    user_name: String,
    password: String,
    enabled: bool,
    lanes: String,
    hours: String,
    signature_scheme: String,
    signing_secret: String,
}

/// Why the form is shown again.
pub(super) struct Kept {
    pub(super) problem: ShownProblem,
    /// What differs from what is stored now, if somebody else changed it.
    pub(super) differences: Option<Vec<Difference>>,
}

/// A field in both versions.
pub(super) struct Difference {
    field: &'static str,
    now: String,
    yours: String,
}

#[derive(Template)]
#[template(path = "endpoint_form.html")]
pub(super) struct FormPage {
    frame: Frame,
    form: EndpointForm,
    kept: Option<Kept>,
    kinds: Vec<String>,
    types: Vec<TypeGroup>,
}

impl FormPage {
    pub(super) fn of(frame: Frame, form: EndpointForm, kept: Option<Kept>) -> Self {
        Self {
            frame,
            form,
            kept,
            kinds: MessageKind::iter().map(|kind| kind.to_string()).collect(),
            types: type_groups(),
        }
    }

    /// What is wrong beside the fields that say it themselves.
    fn other_errors(&self) -> Vec<&FieldError> {
        let kept = self.kept.as_ref();
        kept.map(|kept| kept.problem.beside(&FIELDS))
            .unwrap_or_default()
    }

    /// Whether something is wrong with one of these fields.
    fn is_wrong(&self, pointers: &[&str]) -> bool {
        let mut pointers = pointers.iter();
        pointers.any(|pointer| !self.errors(pointer).is_empty())
    }

    /// What is wrong with a field.
    fn errors(&self, pointer: &str) -> Vec<&FieldError> {
        let kept = self.kept.as_ref();
        kept.map(|kept| kept.problem.at(pointer))
            .unwrap_or_default()
    }
}

impl EndpointForm {
    /// A new endpoint, with the usual values.
    pub(super) fn new() -> Self {
        Self {
            method: "POST".to_owned(),
            messages: DEFAULT_KINDS.iter().map(ToString::to_string).collect(),
            enabled: true,
            lanes: "32".to_owned(),
            hours: "76".to_owned(),
            signature_scheme: "v1".to_owned(),
            ..Self::default()
        }
    }

    /// A stored endpoint, at this version.
    pub(super) fn kept(endpoint: Endpoint, version: String) -> Self {
        let names: Vec<String> = endpoint
            .headers
            .keys()
            .map(|name| format!("{name}:"))
            .collect();
        Self {
            hours: endpoint.hours().to_string(),
            id: endpoint.id,
            version,
            url: endpoint.url,
            method: endpoint.method,
            messages: endpoint.messages,
            notification_types: endpoint.notification_types,
            shipment_types: endpoint.shipment_types,
            aliases: endpoint.logistic_account_aliases.join(", "),
            warehouses: endpoint.warehouse_codes.join(", "),
            headers: names.join("\n"),
            enabled: endpoint.enabled,
            lanes: endpoint.lanes.to_string(),
            signature_scheme: endpoint.signature_scheme,
            ..Self::default()
        }
    }

    /// What was entered.
    pub(super) fn sent(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let all = |name: &str| form.all(name).map(str::to_owned).collect();
        Self {
            id: text("id"),
            version: text("version"),
            url: text("url"),
            method: text("method"),
            messages: all("message"),
            notification_types: all("notification_type"),
            shipment_types: all("shipment_type"),
            aliases: text("aliases"),
            warehouses: text("warehouses"),
            headers: text("headers"),
            user_name: text("user_name"),
            password: text("password"),
            enabled: form.is_ticked("enabled"),
            lanes: text("lanes"),
            hours: text("hours"),
            signature_scheme: text("signature_scheme"),
            signing_secret: text("signing_secret"),
        }
    }

    /// The body of the request. What is wrong in it, the API says.
    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("url", json!(self.url));
        put("method", json!(self.method));
        put("messages", json!(self.messages));
        put("enabled", json!(self.enabled));
        put("signatureScheme", json!(self.signature_scheme));
        let headers = lines(&self.headers, ':').map(|(name, value)| {
            let value = (!value.is_empty()).then_some(value);
            (name.to_owned(), json!(value))
        });
        put("headers", Value::Object(headers.collect()));
        let lists = [
            ("notificationTypes", self.notification_types.clone()),
            ("shipmentTypes", self.shipment_types.clone()),
            ("logisticAccountAliases", list(&self.aliases)),
            ("warehouseCodes", list(&self.warehouses)),
        ];
        for (name, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
            put(name, json!(values));
        }
        if !self.lanes.is_empty() {
            put("lanes", json!(self.lanes));
        }
        if !self.hours.is_empty() {
            let hours = self.hours.parse::<u64>().ok();
            let seconds = hours.and_then(|hours| hours.checked_mul(3600));
            put(
                "giveUpAfter",
                seconds.map_or_else(|| json!(self.hours), |seconds| json!(seconds)),
            );
        }
        if !self.signing_secret.is_empty() {
            put("signingSecret", json!(self.signing_secret));
        }
        if !(self.user_name.is_empty() && self.password.is_empty()) {
            let basic = json!({ "username": self.user_name, "password": self.password });
            put("basic", basic);
        }
        Value::Object(body)
    }

    /// What differs from `present`; secrets are left out.
    pub(super) fn differences(&self, present: &Self) -> Vec<Difference> {
        let names = |form: &Self| {
            let names: Vec<_> = lines(&form.headers, ':').map(|(name, _)| name).collect();
            names.join(", ")
        };
        let fields = |form: &Self| {
            [
                ("URL", form.url.clone()),
                ("Method", form.method.clone()),
                ("Messages", form.messages.join(", ")),
                ("Notification types", form.notification_types.join(", ")),
                ("Shipment types", form.shipment_types.join(", ")),
                ("Accounts", form.aliases.clone()),
                ("Warehouses", form.warehouses.clone()),
                ("Headers", names(form)),
                ("Enabled", form.enabled.to_string()),
                ("Give up after (hours)", form.hours.clone()),
                ("Signature scheme", form.signature_scheme.clone()),
            ]
        };
        let both = fields(present).into_iter().zip(fields(self));
        both.filter(|((_, now), (_, yours))| now != yours)
            .map(|((field, now), (_, yours))| Difference { field, now, yours })
            .collect()
    }

    fn has_message(&self, kind: &str) -> bool {
        self.messages.iter().any(|one| one == kind)
    }

    fn has_type(&self, kind: &str) -> bool {
        self.notification_types.iter().any(|one| one == kind)
    }

    fn has_direction(&self, direction: &str) -> bool {
        self.shipment_types.iter().any(|one| one == direction)
    }
}

/// Texts separated by commas.
fn list(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
