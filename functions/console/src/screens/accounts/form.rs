//! The form of an account, made of what its adapter declares, and the body that it makes.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use logistics::domain::form::{AccountForm as Declared, FormSetting, SettingKind};
use serde_json::{Map, Value, json};

use super::Account;
use super::partner::Partner;
use crate::form::{Form, lines};
use crate::frame::Frame;
use crate::shown_problem::{FieldError, ShownProblem};

/// The pointers of the fields and groups that say what is wrong with them.
const FIELDS: [&str; 8] = [
    "/alias",
    "/credentials",
    "/urls",
    "/settings",
    "/region",
    "/warehouses",
    "/defaultCourierId",
    "/webhookKey",
];

/// What a blank field of a stored secret means.
const STORED: &str = "Stored; blank keeps it.";
/// A secret that was entered is not sent back.
const LOST: &str = "What you entered was not kept: enter it again.";

type Texts = BTreeMap<String, String>;

/// The fields, as they are entered.
#[derive(Debug)]
pub(super) struct AccountForm {
    partner: Partner,
    /// The aggregator or the channel.
    name: String,
    pub(super) alias: String,
    /// The version that the visitor saw; empty for a new account.
    pub(super) version: String,
    region: String,
    /// The credentials that were entered.
    credentials: Texts,
    /// The names of the credentials that are stored.
    stored: BTreeSet<String>,
    urls: Texts,
    settings: Texts,
    /// Settings with a suffix, one a line.
    more_settings: String,
    /// `code.setting = value`, one a line.
    warehouses: String,
    enabled: bool,
    default_courier: String,
    webhook_key: String,
    has_webhook_key: bool,
    removes_webhook_key: bool,
    differences: Vec<Difference>,
}

/// A field in both versions, if somebody else changed the account.
#[derive(Debug)]
struct Difference {
    field: String,
    now: String,
    yours: String,
}

/// A field of the form with its help.
struct Field {
    /// The name of the input.
    input: String,
    /// Where the API's errors about it are.
    pointer: String,
    label: String,
    help: &'static str,
    value: String,
    /// Whether its value is never shown.
    is_secret: bool,
    /// What a blank field means, if something is stored.
    note: &'static str,
    /// What to do, if what was entered is not in the field.
    lost: &'static str,
    is_needed: bool,
    choices: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "account_form.html")]
pub(super) struct FormPage {
    frame: Frame,
    names: Vec<String>,
    form: AccountForm,
    declared: Option<&'static Declared>,
    problem: Option<ShownProblem>,
}

impl FormPage {
    pub(super) fn of(frame: Frame, form: AccountForm, problem: Option<ShownProblem>) -> Self {
        Self {
            frame,
            names: form.partner.names(),
            declared: form.partner.form(&form.name),
            form,
            problem,
        }
    }

    /// What is wrong beside the fields that say it themselves.
    fn other_errors(&self) -> Vec<&FieldError> {
        let problem = self.problem.as_ref();
        problem
            .map(|problem| problem.beside(&FIELDS))
            .unwrap_or_default()
    }

    fn errors(&self, pointer: &str) -> Vec<&FieldError> {
        let problem = self.problem.as_ref();
        problem
            .map(|problem| problem.at(pointer))
            .unwrap_or_default()
    }

    /// What is wrong with a group, but for what stands at its fields.
    fn errors_of_group(&self, pointer: &str, fields: &[Field]) -> Vec<&FieldError> {
        let is_shown =
            |error: &FieldError| fields.iter().any(|field| error.pointer == field.pointer);
        let all = self.errors(pointer).into_iter();
        all.filter(|error| !is_shown(error)).collect()
    }

    fn credentials(&self) -> Vec<Field> {
        let entries = self
            .declared
            .map_or(&[][..], |form| form.credentials)
            .iter();
        let field = |entry: &logistics::domain::form::FormEntry| Field {
            input: format!("credentials.{}", entry.name),
            pointer: format!("/credentials/{}", entry.name),
            label: entry.name.to_owned(),
            help: entry.help,
            // A secret is never shown, and what is stored is not either.
            value: if entry.is_secret {
                String::new()
            } else {
                self.form.entered(entry.name).to_owned()
            },
            is_secret: entry.is_secret,
            note: if self.form.stored.contains(entry.name) {
                STORED
            } else {
                ""
            },
            lost: if entry.is_secret && !self.form.entered(entry.name).is_empty() {
                LOST
            } else {
                ""
            },
            is_needed: entry.is_needed && !self.form.stored.contains(entry.name),
            choices: Vec::new(),
        };
        entries.map(field).collect()
    }

    fn urls(&self) -> Vec<Field> {
        let entries = self.declared.map_or(&[][..], |form| form.urls).iter();
        let field = |entry: &logistics::domain::form::FormEntry| Field {
            input: format!("urls.{}", entry.name),
            pointer: format!("/urls/{}", entry.name),
            label: entry.name.to_owned(),
            help: entry.help,
            value: self.form.urls.get(entry.name).cloned().unwrap_or_default(),
            is_secret: false,
            note: "",
            lost: "",
            is_needed: entry.is_needed,
            choices: Vec::new(),
        };
        entries.map(field).collect()
    }

    fn settings(&self) -> Vec<Field> {
        let settings = self.declared.map_or(&[][..], |form| form.settings).iter();
        let field = |setting: &FormSetting| Field {
            input: format!("settings.{}", setting.name),
            pointer: format!("/settings/{}", setting.name),
            label: setting.described_name(),
            help: setting.help,
            value: self
                .form
                .settings
                .get(setting.name)
                .cloned()
                .unwrap_or_default(),
            is_secret: false,
            note: "",
            lost: "",
            is_needed: false,
            choices: match setting.kind {
                SettingKind::OneOf(words) => words.to_vec(),
                SettingKind::Flag => vec!["true", "false"],
                SettingKind::Text | SettingKind::Number | SettingKind::Id | SettingKind::List => {
                    Vec::new()
                }
            },
        };
        settings.map(field).collect()
    }

    fn has_variants(&self) -> bool {
        let mut settings = self.declared.map_or(&[][..], |form| form.settings).iter();
        settings.any(|setting| setting.variant.is_some())
    }

    fn has_warehouses(&self) -> bool {
        let mut settings = self.declared.map_or(&[][..], |form| form.settings).iter();
        settings.any(|setting| setting.per_warehouse)
    }

    fn has_webhook_key(&self) -> bool {
        self.form.partner.has_webhook_key(&self.form.name)
    }
}

impl AccountForm {
    /// A new account at the partner of this name.
    pub(super) fn new(partner: Partner, name: &str) -> Self {
        Self {
            partner,
            name: name.to_owned(),
            alias: String::new(),
            version: String::new(),
            region: "DOMESTIC".to_owned(),
            credentials: Texts::new(),
            stored: BTreeSet::new(),
            urls: Texts::new(),
            settings: Texts::new(),
            more_settings: String::new(),
            warehouses: String::new(),
            enabled: true,
            default_courier: String::new(),
            webhook_key: String::new(),
            has_webhook_key: false,
            removes_webhook_key: false,
            differences: Vec::new(),
        }
    }

    /// A stored account, at this version.
    pub(super) fn kept(partner: Partner, account: Account, version: String) -> Self {
        let declared = partner.form(&account.aggregator);
        let is_declared = |name: &str| {
            declared.is_some_and(|form| form.settings.iter().any(|setting| setting.name == name))
        };
        let (settings, more): (Texts, Texts) = account
            .settings
            .into_iter()
            .partition(|(name, _)| is_declared(name));
        let more = more.iter().map(|(name, value)| format!("{name} = {value}"));
        let warehouses = account.warehouses.iter().flat_map(|(code, settings)| {
            let line = move |(name, value): (&String, &String)| format!("{code}.{name} = {value}");
            settings.iter().map(line)
        });
        Self {
            version,
            alias: account.alias,
            region: account.region.unwrap_or_default(),
            stored: account.credentials.into_keys().collect(),
            urls: account.urls,
            more_settings: more.collect::<Vec<_>>().join("\n"),
            warehouses: warehouses.collect::<Vec<_>>().join("\n"),
            settings,
            enabled: account.notifications_enabled,
            default_courier: account
                .default_courier_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            has_webhook_key: account.has_webhook_key,
            ..Self::new(partner, &account.aggregator)
        }
    }

    /// What was entered.
    pub(super) fn sent(partner: Partner, form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let below = |prefix| {
            let fields = form.below(prefix);
            fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        };
        let given: Texts = below("credentials.");
        let given = given.into_iter().filter(|(_, value)| !value.is_empty());
        Self {
            alias: text("alias"),
            version: text("version"),
            region: text("region"),
            credentials: given.collect(),
            stored: form.all("stored").map(str::to_owned).collect(),
            urls: below("urls."),
            settings: below("settings."),
            more_settings: text("more_settings"),
            warehouses: text("warehouses"),
            enabled: form.is_ticked("enabled"),
            default_courier: text("default_courier"),
            webhook_key: text("webhook_key"),
            has_webhook_key: form.is_ticked("has_webhook_key"),
            removes_webhook_key: form.is_ticked("remove_webhook_key"),
            ..Self::new(partner, form.text("name"))
        }
    }

    /// The body of the request. What is wrong in it, the API says.
    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        // Null keeps what is stored.
        let kept = self.stored.iter().map(|name| (name.clone(), Value::Null));
        let given_now = self.credentials.iter();
        let given_now = given_now.map(|(name, value)| (name.clone(), json!(value)));
        put(self.partner.word(), json!(self.name));
        put(
            "credentials",
            Value::Object(kept.chain(given_now).collect()),
        );
        put("urls", given(&self.urls));
        put("settings", self.all_settings());
        if self.partner.is_channel() {
            put("enabled", json!(self.enabled));
            return Value::Object(body);
        }
        put("region", json!(self.region));
        put("notificationsEnabled", json!(self.enabled));
        put("warehouses", self.warehouse_settings());
        if !self.default_courier.is_empty() {
            put("defaultCourierId", json!(self.default_courier));
        }
        if !self.webhook_key.is_empty() || self.removes_webhook_key {
            // An empty one removes what is stored.
            put("webhookKey", json!(self.webhook_key));
        }
        Value::Object(body)
    }

    fn all_settings(&self) -> Value {
        let mut settings = self.settings.clone();
        for (name, value) in lines(&self.more_settings, '=') {
            settings.insert(name.to_owned(), value.to_owned());
        }
        given(&settings)
    }

    fn warehouse_settings(&self) -> Value {
        let mut warehouses: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (name, value) in lines(&self.warehouses, '=') {
            let (code, setting) = name.split_once('.').unwrap_or((name, ""));
            warehouses.entry(code).or_default().insert(setting, value);
        }
        json!(warehouses)
    }

    /// What was entered for a credential; empty if nothing was.
    fn entered(&self, name: &str) -> &str {
        self.credentials.get(name).map_or("", String::as_str)
    }

    /// Notes what differs from what is stored now; secrets are left out.
    pub(super) fn compare(&mut self, present: Account, version: String) {
        let present = Self::kept(self.partner, present, String::new());
        let fields = |form: &Self| -> BTreeMap<String, String> {
            let settings = form.settings.iter().chain(&form.urls);
            let mut fields: Texts = settings
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            fields.insert("Region".to_owned(), form.region.clone());
            fields.insert("Enabled".to_owned(), form.enabled.to_string());
            fields.insert("Default courier".to_owned(), form.default_courier.clone());
            fields.insert("More settings".to_owned(), form.more_settings.clone());
            fields.insert("Warehouses".to_owned(), form.warehouses.clone());
            fields
        };
        let (now, yours) = (fields(&present), fields(self));
        let mut names: Vec<&String> = now.keys().chain(yours.keys()).collect();
        names.sort();
        names.dedup();
        let text = |fields: &Texts, name: &String| fields.get(name).cloned().unwrap_or_default();
        let differences = names.into_iter().map(|name| Difference {
            field: name.clone(),
            now: text(&now, name),
            yours: text(&yours, name),
        });
        self.differences = differences.filter(|both| both.now != both.yours).collect();
        self.version = version;
    }
}

/// The texts that are not empty.
fn given(texts: &Texts) -> Value {
    let given = texts.iter().filter(|(_, value)| !value.is_empty());
    given
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect::<Map<_, _>>()
        .into()
}
