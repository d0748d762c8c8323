//! What every page has around its content: who is signed in, where one can go, and what the last change did.

use logistics::domain::client::Scope;

use crate::api::Api;
use crate::assets;

/// The sections, each with the scopes of which one shows it.
const SECTIONS: [(&str, &str, &[Scope]); 10] = [
    ("Overview", "/console/overview", &[Scope::Notifications]),
    ("Problems", "/console/problems", &[Scope::Notifications]),
    (
        "Unmapped statuses",
        "/console/unmapped",
        &[Scope::Notifications],
    ),
    ("Messages", "/console/messages", &[Scope::Notifications]),
    ("Returns", "/console/returns", &[Scope::Returns]),
    ("Endpoints", "/console/endpoints", &[Scope::Configuration]),
    ("Accounts", "/console/accounts", &[Scope::Configuration]),
    ("Channels", "/console/channels", &[Scope::Configuration]),
    ("Keys", "/console/keys", &[Scope::Configuration]),
    ("Audit", "/console/audit", &[Scope::Configuration]),
];

/// What a change did, by the word in the URL after it: no text of a URL is ever shown.
const NOTICES: [(&str, &str); 14] = [
    ("cancelled", "The booking is cancelled."),
    (
        "cancellation-requested",
        "The aggregator accepted the cancellation. Cancel again later to see its result.",
    ),
    ("settled", "The order is settled."),
    ("released", "The order number is free again."),
    ("created", "Created."),
    ("saved", "Saved. The change is effective within a minute."),
    ("deleted", "Deleted."),
    ("resumed", "Resumed: messages are sent again."),
    ("revoked", "Revoked. The key stops working within a minute."),
    ("recovered", "The failed deliveries are queued again."),
    ("nothing", "No failed delivery matched."),
    (
        "mapped",
        "Saved. What is pushed with this code is forwarded from now on; forward below what is stored.",
    ),
    (
        "unmapped",
        "Saved. What is pushed with this code is stored and not forwarded.",
    ),
    ("signed-out", "You are signed out."),
];

/// A link to a section.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) href: &'static str,
    pub(crate) is_here: bool,
}

/// The frame of a page.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The client; `None` if nobody is signed in.
    pub(crate) client: Option<String>,
    /// The word of this session's forms.
    pub(crate) form_token: String,
    /// The sections that the visitor may see.
    pub(crate) sections: Vec<Section>,
    /// What the last change did.
    pub(crate) notice: Option<&'static str>,
    /// What was looked for.
    pub(crate) looked_for: String,
    /// The URL of the style sheet.
    pub(crate) style: String,
    /// The URL of the script.
    pub(crate) script: String,
}

impl Frame {
    /// Around a page for everybody.
    pub(crate) fn bare() -> Self {
        Self {
            client: None,
            form_token: String::new(),
            sections: Vec::new(),
            notice: None,
            looked_for: String::new(),
            style: assets::style(),
            script: assets::script(),
        }
    }

    /// Around a page of the section at `here`.
    pub(crate) fn of(api: &Api<'_>, here: &str) -> Self {
        let caller = api.visitor.caller();
        let sections = SECTIONS
            .iter()
            .filter(|(_, _, scopes)| caller.has_one_of(scopes))
            .map(|&(name, href, _)| Section {
                name,
                href,
                is_here: href == here,
            });
        Self {
            client: Some(caller.client_id.to_string()),
            form_token: api.visitor.form_token().to_owned(),
            sections: sections.collect(),
            notice: notice(api.parameter("done")),
            ..Self::bare()
        }
    }
}

/// The sentence of a word.
pub(crate) fn notice(word: &str) -> Option<&'static str> {
    let found = NOTICES.iter().find(|(known, _)| *known == word);
    found.map(|(_, sentence)| *sentence)
}
