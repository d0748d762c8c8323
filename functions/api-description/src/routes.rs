//! Which methods a path has, as the description says.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::OPENAPI;

/// What the description says of routes. The rest is passed over, so that it costs neither memory nor code.
#[derive(Default, Deserialize)]
#[expect(
    clippy::zero_sized_map_values,
    reason = "an object cannot be read as the set of its names"
)]
struct Description {
    #[serde(borrow)]
    paths: BTreeMap<&'static str, BTreeMap<&'static str, IgnoredAny>>,
}

/// Read when the first request misses: a start reads nothing. A test reads the committed description.
static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| serde_json::from_str(OPENAPI).unwrap_or_default());

/// The methods of a path, such as `DELETE, GET`, if there is such a path.
pub(crate) fn methods(path: &str) -> Option<String> {
    let mut routes = DESCRIPTION.paths.iter();
    let (_, methods) = routes.find(|(route, _)| matches(route, path))?;
    let names: Vec<_> = methods
        .keys()
        .map(|name| name.to_ascii_uppercase())
        .collect();
    Some(names.join(", "))
}

/// Whether a path is of a route, whose `{…}` stands for any one segment.
fn matches(route: &str, path: &str) -> bool {
    let is_same = |(route, path): (&str, &str)| route == path || route.starts_with('{');
    route.split('/').count() == path.split('/').count()
        && route.split('/').zip(path.split('/')).all(is_same)
}
