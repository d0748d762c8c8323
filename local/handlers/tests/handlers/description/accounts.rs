//! The fields of each partner's accounts, which its adapter declares, in the schemas of accounts.

use logistics::aggregators::{Configures, PushProof, all_configured};
use logistics::channels;
use logistics::domain::form::{AccountForm, FormEntry, FormSetting, SettingKind};
use utoipa::Modify;
use utoipa::openapi::schema::{
    AdditionalProperties, AllOfBuilder, AnyOfBuilder, Object, ObjectBuilder, OneOfBuilder, Schema,
    SchemaType, Type,
};
use utoipa::openapi::{OpenApi, RefOr};

/// Adds the fields of each aggregator to the common ones.
pub(super) struct Accounts;

const SCHEMA: &str = "LogisticAccountConfiguration";
const CHANNEL_SCHEMA: &str = "ChannelAccountConfiguration";

impl Modify for Accounts {
    fn modify(&self, api: &mut OpenApi) {
        let schemas = &mut api.components.as_mut().unwrap().schemas;
        let common = schemas.remove(SCHEMA).unwrap();
        let each =
            all_configured().fold(OneOfBuilder::new(), |each, adapter| each.item(of(adapter)));
        let both = AllOfBuilder::new().item(common).item(each);
        schemas.insert(SCHEMA.to_owned(), both.into());
        let common = schemas.remove(CHANNEL_SCHEMA).unwrap();
        let channels = channels::all_configured();
        let each = channels.fold(OneOfBuilder::new(), |each, adapter| {
            each.item(of_channel(adapter))
        });
        let both = AllOfBuilder::new().item(common).item(each);
        schemas.insert(CHANNEL_SCHEMA.to_owned(), both.into());
    }
}

fn of_channel(adapter: &dyn channels::ConfiguresChannel) -> Object {
    let account = common(adapter.name(), adapter.form());
    account
        .property("channel", one_of([adapter.name()].into_iter()))
        .required("channel")
        .build()
}

/// The fields that the accounts of all partners have.
fn common(name: &'static str, form: &AccountForm) -> ObjectBuilder {
    let urls = only(or_null(), names(form.urls).collect());
    ObjectBuilder::new()
        .title(Some(name))
        .property("credentials", credentials(form.credentials))
        .property("urls", urls)
        .property("settings", settings(form.settings.iter()))
}

fn of(adapter: &dyn Configures) -> Object {
    let form = adapter.form();
    let mut account = common(adapter.name(), form)
        .property("aggregator", one_of([adapter.name()].into_iter()))
        .required("aggregator")
        .property("warehouses", warehouses(form.settings));
    if !matches!(
        adapter.push_proof(),
        PushProof::Token {
            key_header: Some(_)
        }
    ) {
        account = account.property(
            "webhookKey",
            ObjectBuilder::new()
                .schema_type(SchemaType::AnyValue)
                .max_length(Some(0)),
        );
    }
    account.build()
}

fn credentials(entries: &'static [FormEntry]) -> Object {
    let mut credentials = only(or_null(), names(entries).collect());
    for entry in entries {
        let described = ObjectBuilder::new()
            .schema_type(SchemaType::AnyValue)
            .description(Some(entry.help));
        credentials = credentials.property(entry.name, described);
        if entry.is_needed {
            credentials = credentials.required(entry.name);
        }
    }
    credentials.build()
}

fn warehouses(settings_of_account: &'static [FormSetting]) -> Object {
    let of_warehouse = settings_of_account
        .iter()
        .filter(|setting| setting.per_warehouse);
    let of_one = AdditionalProperties::RefOr(RefOr::from(settings(of_warehouse)));
    or_null().additional_properties(Some(of_one)).build()
}

fn settings(of_form: impl Iterator<Item = &'static FormSetting> + Clone) -> Object {
    let plain: Vec<_> = of_form.clone().map(|setting| setting.name).collect();
    let mut variants = of_form
        .clone()
        .filter(|setting| setting.variant.is_some())
        .peekable();
    let settings = if variants.peek().is_none() {
        only(or_null(), plain)
    } else {
        let plain = AnyOfBuilder::new().item(one_of(plain.into_iter()));
        let known = variants.fold(plain, |known, setting| {
            let pattern = format!(r"^{}\..+$", setting.name);
            known.item(
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some(pattern)),
            )
        });
        or_null().property_names(Some(Schema::AnyOf(known.build())))
    };
    let described = of_form.fold(settings, |settings, setting| {
        settings.property(setting.name, value(setting))
    });
    described.build()
}

fn value(setting: &FormSetting) -> Object {
    let value = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(setting.help));
    match setting.kind {
        SettingKind::Text => value,
        // A text too; the common part describes both.
        SettingKind::List => value
            .schema_type(SchemaType::AnyValue)
            .pattern(Some(r"^\s*[^,\s][^,]*(,\s*[^,\s][^,]*)*$")),
        SettingKind::Number => {
            value.pattern(Some(r"^0*([1-9][0-9]*(\.[0-9]+)?|\.[0-9]*[1-9][0-9]*)$"))
        }
        SettingKind::Id => value.pattern(Some("^[0-9]+$")),
        SettingKind::Flag => value.enum_values(Some(["true", "false"])),
        SettingKind::OneOf(words) => value.enum_values(Some(words.iter().copied())),
    }
    .build()
}

fn names(entries: &'static [FormEntry]) -> impl Iterator<Item = &'static str> {
    entries.iter().map(|entry| entry.name)
}

/// An object with only these names.
fn only(object: ObjectBuilder, names: Vec<&'static str>) -> ObjectBuilder {
    if names.is_empty() {
        object.max_properties(Some(0))
    } else {
        object.property_names(Some(one_of(names.into_iter())))
    }
}

fn one_of(names: impl Iterator<Item = &'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .build()
}

fn or_null() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::Object, Type::Null]))
}
