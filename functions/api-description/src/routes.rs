//! The methods of each path, from the API description.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::OPENAPI;

/// The routes of the description. The rest is skipped, so that it costs neither memory nor code.
#[derive(Default, Deserialize)]
#[expect(
    clippy::zero_sized_map_values,
    reason = "serde cannot read an object as a set of keys"
)]
struct Description {
    #[serde(borrow)]
    paths: BTreeMap<&'static str, BTreeMap<&'static str, IgnoredAny>>,
}

/// Parsed at the first request without a route, not at start. A test parses the committed description.
static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| serde_json::from_str(OPENAPI).unwrap_or_default());

/// The methods of a path, such as `DELETE, GET`, if the path exists.
pub(crate) fn methods(path: &str) -> Option<String> {
    let mut routes = DESCRIPTION.paths.iter();
    let (_, methods) = routes.find(|(route, _)| matches(route, path))?;
    let names: Vec<_> = methods
        .keys()
        .map(|name| name.to_ascii_uppercase())
        .collect();
    Some(names.join(", "))
}

/// Whether a path matches a route; `{…}` matches exactly one segment, which is not empty: to the gateway, too, a path that ends
/// with `/` is no object.
fn matches(route: &str, path: &str) -> bool {
    let is_same =
        |(route, path): (&str, &str)| route == path || route.starts_with('{') && !path.is_empty();
    route.split('/').count() == path.split('/').count()
        && route.split('/').zip(path.split('/')).all(is_same)
}
