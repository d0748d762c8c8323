//! `/channels/{alias}/manifests`: makes manifests of parcels that are handed over to a courier, and returns them as JSON or as a
//! PDF. No channel is called.

use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::described_values::PdfDocument;
use logistics::contract::selling::manifest::{
    MadeManifestBody, ManifestBody, ManifestRequestBody, read,
};
use logistics::documents::manifest::pdf;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::selling::manifest::ManifestId;
use logistics::domain::text::AccountAlias;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems, NameProblems};
use logistics::edge::request::{Answer, named, read_json, respond, wants_pdf};
use logistics::edge::{answer, caller};
use logistics::flows::channelling::dependencies::ManifestDependencies;
use logistics::flows::channelling::make_manifest::{get_manifest, make_manifest};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The channel accounts, the shipments and the manifests.
    pub manifests: ManifestDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            manifests: start.manifests()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| route(app, request)).await
}

async fn route(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Channels]).await?;
    if request.method() == Method::POST {
        make(app, request, &caller).await
    } else {
        get(app, request, &caller).await
    }
}

/// Makes a manifest: the record of which parcels a courier takes, with the AWBs that they have now. Every request makes one.
/// A shipment that is unknown, cancelled or without an AWB refuses the whole request.
#[utoipa::path(
    post, path = "/channels/{alias}/manifests", tag = "channels", operation_id = "make_manifest",
    params(("alias" = AccountAlias, Path, description = "The alias of a channel account")),
    request_body = ManifestRequestBody,
    responses(
        (status = 201, description = "The manifest", body = MadeManifestBody),
        KeyProblems,
        BodyProblems,
        NameProblems,
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn make(app: &App, request: &Request, caller: &Caller) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let asked = read_json(request, read)?;
    let account = (&caller.client_id, &alias);
    let id = make_manifest(&app.manifests, account, asked, clock::now()).await?;
    let body = MadeManifestBody {
        manifest_id: id.as_str(),
    };
    Ok(answer::json(StatusCode::CREATED, &body))
}

/// A manifest; with `Accept: application/pdf` as a document to be signed, with pages of 40 parcels and their bar codes.
#[utoipa::path(
    get, path = "/channels/{alias}/manifests/{manifestId}", tag = "channels", operation_id = "get_manifest",
    params(
        ("alias" = AccountAlias, Path, description = "The alias of a channel account"),
        ("manifestId" = ManifestId, Path, description = "The id from the response that made it"),
    ),
    responses(
        (status = 200, description = "The manifest", content((ManifestBody = "application/json"), (PdfDocument = "application/pdf"))),
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn get(app: &App, request: &Request, caller: &Caller) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let id: ManifestId = named(request, "manifestId")?;
    let manifest = get_manifest(&app.manifests, (&caller.client_id, &alias), &id).await?;
    if wants_pdf(request) {
        let disposition = "inline; filename=\"manifest.pdf\"";
        return Ok(answer::document(pdf(&manifest), disposition));
    }
    Ok(answer::json(StatusCode::OK, &ManifestBody::from(manifest)))
}
