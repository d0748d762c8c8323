//! The description as a page: HTML and CSS alone, made from `openapi.json` at the first request.

mod operation;
mod schema;
mod text;

use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use logistics::digest::Sha256;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use serde_json::Value;

use crate::OPENAPI;
use operation::Operation;
use schema::Shape;
use text::{Paragraph, paragraphs, word};

const STYLE: &str = include_str!("../templates/docs.css");

/// The rendered page.
pub(crate) struct DescriptionPage {
    pub(crate) html: String,
    /// Its `Content-Security-Policy`: it may load nothing, and has one style.
    pub(crate) policy: String,
}

static PAGE: LazyLock<Option<DescriptionPage>> = LazyLock::new(rendered);

/// The page. It is missing only if the committed description cannot be read, which a test rules out.
pub(crate) fn page() -> Result<&'static DescriptionPage, Problem> {
    let missing = || {
        Problem::new(
            ProblemKind::Internal,
            "the page cannot be shown; GET /openapi.json describes the API",
        )
    };
    PAGE.as_ref().ok_or_else(missing)
}

fn rendered() -> Option<DescriptionPage> {
    let api: Value = serde_json::from_str(OPENAPI).ok()?;
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    Some(DescriptionPage {
        html: Document::of(&api).render().ok()?,
        policy: format!(
            "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
    })
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Document<'a> {
    style: &'static str,
    title: &'a str,
    version: &'a str,
    about: Vec<Paragraph>,
    keys: Vec<Key>,
    groups: Vec<Group<'a>>,
    shapes: Vec<Shape<'a>>,
}

/// A way to authenticate.
struct Key {
    how: String,
    about: Vec<Paragraph>,
}

/// The operations of a tag.
struct Group<'a> {
    name: &'a str,
    about: Vec<Paragraph>,
    operations: Vec<Operation<'a>>,
}

impl<'a> Document<'a> {
    fn of(api: &'a Value) -> Self {
        let info = api.get("info").unwrap_or(&Value::Null);
        let tags = api.get("tags").and_then(Value::as_array);
        let operations = operation::all(api);
        let group = |tag: &'a Value| Group {
            name: word(tag, "name"),
            about: paragraphs(word(tag, "description")),
            operations: operations.of_tag(word(tag, "name")),
        };
        Self {
            style: STYLE,
            title: word(info, "title"),
            version: word(info, "version"),
            about: paragraphs(word(info, "description")),
            keys: keys(api),
            groups: tags.into_iter().flatten().map(group).collect(),
            shapes: schema::shapes(api),
        }
    }
}

fn keys(api: &Value) -> Vec<Key> {
    let schemes = api
        .pointer("/components/securitySchemes")
        .and_then(Value::as_object);
    let schemes = schemes.into_iter().flat_map(|schemes| schemes.values());
    schemes
        .map(|scheme| Key {
            how: match word(scheme, "type") {
                "http" => format!("Authorization: {} …", word(scheme, "scheme")),
                _ => format!("{}: …", word(scheme, "name")),
            },
            about: paragraphs(word(scheme, "description")),
        })
        .collect()
}
