//! The style sheet and the script, each under a name with the hash of its content: a browser fetches it once.

use std::sync::LazyLock;

use lambda_http::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use lambda_http::{Body, Request, Response};
use logistics::digest::{Sha256, hex};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::Answer;

use crate::packing::{packed_file, takes_gzip};

/// Below it are the files.
const PLACE: &str = "/console/assets/";

/// htmx (docs: assets/README.md) and what is the console's own, as one file.
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let parts = [
        include_str!("../assets/htmx-2.0.11.min.js"),
        include_str!("../assets/console.js"),
    ];
    Asset::of(parts.join("\n"), "js", "text/javascript; charset=utf-8")
});

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../assets/console.css").to_owned();
    Asset::of(text, "css", "text/css; charset=utf-8")
});

struct Asset {
    name: String,
    text: String,
    /// Packed once an instance, as small as can be.
    packed: Option<Vec<u8>>,
    content_type: &'static str,
}

impl Asset {
    fn of(text: String, ending: &str, content_type: &'static str) -> Self {
        let digest = hex(&Sha256::digest(&text));
        let short = digest.get(..16).unwrap_or(&digest);
        let name = format!("console-{short}.{ending}");
        Self {
            name,
            packed: packed_file(text.as_bytes()),
            text,
            content_type,
        }
    }
}

/// The URL of the script.
pub(crate) fn script() -> String {
    format!("{PLACE}{}", SCRIPT.name)
}

/// The URL of the style sheet.
pub(crate) fn style() -> String {
    format!("{PLACE}{}", STYLE.name)
}

/// The file with this name, packed if the browser takes it so.
pub(crate) fn serve(request: &Request, name: &str) -> Answer {
    let all = [&*SCRIPT, &*STYLE];
    let found = all.into_iter().find(|asset| asset.name == name);
    let asset = found.ok_or_else(|| Problem::new(ProblemKind::NotFound, "file not found"))?;
    let mut response = match &asset.packed {
        Some(bytes) if takes_gzip(request) => {
            let mut response = Response::new(Body::from(bytes.clone()));
            let gzip = HeaderValue::from_static("gzip");
            response.headers_mut().insert(CONTENT_ENCODING, gzip);
            response
        }
        Some(_) | None => Response::new(Body::from(asset.text.as_str())),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    Ok(response)
}
