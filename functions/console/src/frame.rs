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

/// Where the documents are.
const DOCS: &str = "https://github.com/rms-logistics/rms-logistics/blob/main/docs/";
/// The word after a recovery.
const RECOVERED: &str = "recovered";
/// What a change did, by the word in the URL after it: no text of a URL is ever shown.
const NOTICES: [(&str, &str); 12] = [
    ("cancelled", "The booking is cancelled."),
    (
        "cancellation-requested",
        "The aggregator accepted the cancellation. Cancel again later to see its result.",
    ),
    ("settled", "The order is settled."),
    ("released", "The order number is free again."),
    ("created", "Created."),
    (
        "saved",
        "Saved. The change applies to what comes from now on.",
    ),
    ("deleted", "Deleted."),
    ("resumed", "Resumed: new messages are sent again."),
    ("revoked", "Revoked. The key stops working within a minute."),
    ("nothing", "No failed delivery matched."),
    (
        "mapped",
        "Saved. What is pushed with this code is forwarded from now on; forward below what is stored.",
    ),
    (
        "unmapped",
        "Saved. What is pushed with this code is stored and not forwarded.",
    ),
];

/// A link to a section.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) href: &'static str,
    pub(crate) is_here: bool,
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The client; `None` if nobody is signed in.
    pub(crate) client: Option<String>,
    /// The word of this session's forms.
    pub(crate) form_token: String,
    /// The sections that the visitor may see.
    pub(crate) sections: Vec<Section>,
    /// Whether the visitor may open the pages of shipments, notifications and messages.
    pub(crate) sees_notifications: bool,
    /// Whether the visitor may open the pages of endpoints, accounts and keys.
    pub(crate) sees_configuration: bool,
    /// Where the documents are.
    pub(crate) docs: &'static str,
    /// What the last change did.
    pub(crate) notice: Option<String>,
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
            docs: DOCS,
            sees_notifications: false,
            sees_configuration: false,
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
            sees_notifications: caller.has_one_of(&[Scope::Notifications]),
            sees_configuration: caller.has_one_of(&[Scope::Configuration]),
            notice: notice(api),
            ..Self::bare()
        }
    }

    /// The section of the page.
    pub(crate) fn section(&self) -> Option<&Section> {
        self.sections.iter().find(|section| section.is_here)
    }
}

/// The sentence of the word in the URL. Of a recovery it has numbers, and nothing else of the URL.
fn notice(api: &Api<'_>) -> Option<String> {
    let word = api.parameter("done");
    if word == RECOVERED {
        let number = |name| api.parameter(name).parse::<usize>().unwrap_or_default();
        return Some(recovered(number("queued"), number("expired")));
    }
    let found = NOTICES.iter().find(|(known, _)| *known == word);
    found.map(|(_, sentence)| (*sentence).to_owned())
}

fn recovered(queued: usize, expired: usize) -> String {
    let queued = match queued {
        1 => "1 delivery is queued again.".to_owned(),
        queued => format!("{queued} deliveries are queued again."),
    };
    if expired == 0 {
        return queued;
    }
    format!("{queued} {expired} had expired: their messages are no longer stored.")
}
