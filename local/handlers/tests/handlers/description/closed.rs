//! Closed sets that no type of a body knows: the kinds of problems, and the names of partners.

use logistics::aggregators::all_configured;
use logistics::channels;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem::type_of;
use serde_json::{Value, json};
use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, Schema};

/// Lists the values.
pub(super) struct ClosedSets;

impl Modify for ClosedSets {
    fn modify(&self, api: &mut OpenApi) {
        let types = ProblemKind::all().map(|kind| json!(type_of(kind)));
        let statuses = ProblemKind::all().map(|kind| kind.meaning().status);
        let slugs = ProblemKind::all().map(|kind| json!(kind.slug()));
        let aggregators = all_configured().map(|adapter| json!(adapter.name()));
        let channels = channels::all_configured().map(|adapter| json!(adapter.name()));
        set(api, "Problem", "type", types.collect());
        let statuses: std::collections::BTreeSet<_> = statuses.collect();
        set(
            api,
            "Problem",
            "status",
            statuses.into_iter().map(|status| json!(status)).collect(),
        );
        set(api, "EnvelopeError", "code", slugs.collect());
        set(api, "LogisticAccount", "aggregator", aggregators.collect());
        set(api, "ChannelAccount", "channel", channels.collect());
    }
}

fn set(api: &mut OpenApi, schema: &str, property: &str, values: Vec<Value>) {
    property_of(api, schema, property).enum_values = Some(values);
}

fn property_of<'a>(api: &'a mut OpenApi, schema: &str, property: &str) -> &'a mut Object {
    let components = api.components.as_mut().unwrap();
    let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(schema) else {
        panic!("{schema} is no object")
    };
    let Some(RefOr::T(Schema::Object(found))) = object.properties.get_mut(property) else {
        panic!("{schema} has no {property} of its own")
    };
    found
}
