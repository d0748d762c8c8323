//! Shipments without movement. They are in no index: a page looks at 25 bookings of an account, and says so.

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use logistics::clock;
use logistics::domain::client::Scope;
use logistics::edge::problem::Problem;
use logistics::flows::notifying::find_still::{StillQuery, StillShipment, find_still};

use crate::api::Api;
use crate::failure::{Failed, Shown};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::page;
use crate::screens::accounts::aliases;
use crate::screens::deliveries::tone;
use crate::screens::shipments::shipment_url;

/// How many days a shipment has not moved, if nothing else is asked for.
const DAYS: i64 = 3;
/// Older bookings are not looked at.
const MOST_DAYS: i64 = 59;

struct Still {
    order_number: String,
    href: String,
    state: String,
    booked_at: Moment,
    last_event: Option<Moment>,
}

/// What was found in one part.
struct Part {
    shipments: Vec<Still>,
    looked_at: usize,
    next: Option<Timestamp>,
}

#[derive(Template)]
#[template(path = "still.html")]
struct StillPage<'a> {
    frame: Frame,
    alias: &'a str,
    /// The accounts to choose from; none if the visitor may not see them.
    aliases: Vec<String>,
    /// As entered.
    days: String,
    error: Option<&'static str>,
    days_error: Option<String>,
    part: Option<Part>,
}

impl Still {
    fn tone(&self) -> &'static str {
        tone(&self.state)
    }
}

/// Looks at the next part of the bookings of an account.
pub(crate) async fn show(api: &Api<'_>) -> Shown {
    api.admit(Scope::Notifications).await?;
    let (alias, entered) = (api.parameter("alias"), api.parameter("days"));
    let days = if entered.is_empty() {
        Some(DAYS)
    } else {
        let days = entered.parse().ok();
        days.filter(|days| (1..=MOST_DAYS).contains(days))
    };
    let (part, error) = match (alias.is_empty(), alias.parse(), days) {
        (true, _, _) | (_, _, None) => (None, None),
        (false, Ok(alias), Some(days)) => {
            let query = StillQuery {
                client: api.visitor.caller().client_id.clone(),
                alias,
                quiet: SignedDuration::from_hours(24 * days),
                before: api.parameter("before").parse().ok(),
            };
            (Some(found(api, &query).await?), None)
        }
        (false, Err(_), Some(_)) => (None, Some("No account can have this alias.")),
    };
    Ok(page(&StillPage {
        frame: Frame::of(api, "/console/problems"),
        alias,
        aliases: aliases(api).await?,
        days: if entered.is_empty() {
            DAYS.to_string()
        } else {
            entered.to_owned()
        },
        error,
        days_error: days.is_none().then(|| format!("Enter 1 to {MOST_DAYS}.")),
        part,
    })?)
}

async fn found(api: &Api<'_>, query: &StillQuery) -> Result<Part, Failed> {
    let function = &api.functions.get_shipment;
    let found = find_still(&function.shipments, &function.history, query, clock::now()).await;
    let found = found.map_err(Problem::from)?;
    Ok(Part {
        shipments: found.shipments.into_iter().map(shown).collect(),
        looked_at: found.looked_at,
        next: found.next,
    })
}

fn shown(still: StillShipment) -> Still {
    let code = still.id.shipment_code.as_ref();
    let code = code.map_or("", |code| code.as_str());
    let direction = still.id.shipment_type.to_string();
    Still {
        href: shipment_url(still.id.order_number.as_str(), &direction, code),
        order_number: still.id.order_number.to_string(),
        state: still.state,
        booked_at: still.booked_at.into(),
        last_event: still.last_event.map(Moment::from),
    }
}
