//! The pages that are measured, with the routes of the API that they show.

/// The shipment with 1,000 events, and its page.
pub(super) const LONG: &str = "long";
/// A shipment with a few events.
pub(in crate::scenario) const SHORT: &str = "short";

/// How many shipments have a delivery exception.
pub(super) const LATE: u64 = 10;

const ACCOUNTS: &str = "/logistic-accounts";
const ENDPOINTS: &str = "/webhook-endpoints";

/// A page.
pub(in crate::scenario) struct Page {
    pub(in crate::scenario) name: &'static str,
    pub(super) place: String,
    /// The routes of the API that it shows.
    pub(in crate::scenario) routes: Vec<Route>,
    /// The reads that it makes besides, as `docs/console.md` says.
    pub(super) more_reads: u64,
}

/// A route of the API, as a path with its query.
pub(in crate::scenario) struct Route {
    pub(in crate::scenario) function: &'static str,
    pub(super) path: String,
}

fn route(function: &'static str, path: impl Into<String>) -> Route {
    Route {
        function,
        path: path.into(),
    }
}

fn page(name: &'static str, place: &str, routes: Vec<Route>, more_reads: u64) -> Page {
    Page {
        name,
        place: format!("/console{place}"),
        routes,
        more_reads,
    }
}

/// What the page of problems asks: of all endpoints, and of each one. Orders in doubt and refused credentials are read besides.
fn problems(endpoints: &[&str]) -> Page {
    let mut routes = vec![
        route("configuration", ENDPOINTS),
        route("configuration", ACCOUNTS),
        route("configuration", "/channel-accounts"),
        route("list-notifications", "/notifications?status=unmapped"),
        route("list-notifications", "/notifications?status=exception"),
    ];
    let states = ["failed", "pending"];
    routes.extend(endpoints.iter().flat_map(|id| {
        states.map(|state| {
            route(
                "messages",
                format!("/messages?endpointId={id}&status={state}"),
            )
        })
    }));
    page("problems", "/problems", routes, 2)
}

/// All pages; one of them shows the notification with this id, and one asks about each of these endpoints.
pub(in crate::scenario) fn pages(notification: &str, endpoints: &[&str]) -> Vec<Page> {
    const ENDPOINT: &str = "/webhook-endpoints/demo-sink";
    const FAILED: &str = "/messages?endpointId=demo-sink&status=failed";
    const PENDING: &str = "/messages?endpointId=demo-sink&status=pending";
    let shipment = |name: &'static str| {
        let shown = route(
            "get-shipment",
            format!("/shipments?orderNumber=ORDER-{name}"),
        );
        let place = format!("/shipment?order=ORDER-{name}&type=FORWARD");
        // The claim of the booking; the notifications of the events on the page, and their deliveries.
        page(
            if name == LONG { LONG } else { "shipment" },
            &place,
            vec![shown],
            3,
        )
    };
    let configured = |name: &'static str, place: &str, path: &str| {
        page(name, place, vec![route("configuration", path)], 0)
    };
    vec![
        page(
            "home",
            "",
            vec![
                route("configuration", ACCOUNTS),
                route("configuration", ENDPOINTS),
            ],
            0,
        ),
        // The counts of aggregators and of endpoints.
        page("overview", "/overview", Vec::new(), 2),
        problems(endpoints),
        shipment(SHORT),
        shipment(LONG),
        page(
            "notification",
            &format!("/notifications/{notification}"),
            vec![
                route("get-notification", format!("/notifications/{notification}")),
                route("configuration", ENDPOINTS),
            ],
            0,
        ),
        page(
            "messages",
            "/messages?subject=ORDER-short",
            vec![route("messages", "/messages?subject=ORDER-short")],
            0,
        ),
        page(
            "returns",
            "/returns",
            vec![route("return-order", "/return-orders")],
            0,
        ),
        // The counts of endpoints.
        page(
            "endpoints",
            "/endpoints",
            vec![route("configuration", ENDPOINTS)],
            1,
        ),
        // The same, and how many deliveries were given up.
        page(
            "endpoint",
            "/endpoints/demo-sink",
            vec![
                route("configuration", ENDPOINT),
                route("messages", FAILED),
                route("messages", PENDING),
            ],
            2,
        ),
        configured("accounts", "/accounts", ACCOUNTS),
        configured("account", "/accounts/magic", "/logistic-accounts/magic"),
        configured("channels", "/channels", "/channel-accounts"),
        configured("keys", "/keys", "/api-keys"),
        configured("audit", "/audit", "/audit"),
        page(
            "exceptions",
            "/problems/exceptions",
            vec![route(
                "list-notifications",
                "/notifications?status=exception",
            )],
            // The events of each shipment, and the records of all.
            LATE + 1,
        ),
    ]
}
