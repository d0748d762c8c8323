//! The ways of shipments, with the states of the contract's `to`. Each vendor has its own codes for the steps.

/// Whether a shipment goes to the customer or comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Return,
}

/// A way with all its steps; the last one is its final state.
type Way = &'static [&'static str];

/// The usual way is first: a state on several ways is reached by the first of them.
const FORWARD: &[Way] = &[
    &[
        "AWB_GENERATED",
        "PICKED_UP",
        "IN_TRANSIT",
        "OUT_FOR_DELIVERY",
        "DELIVERED",
    ],
    &[
        "AWB_GENERATED",
        "PICKED_UP",
        "IN_TRANSIT",
        "OUT_FOR_DELIVERY",
        "FAILED_DELIVERY",
        "RTO",
        "RTO_DELIVERED",
    ],
    &["AWB_GENERATED", "CANCELLED"],
    &["AWB_GENERATED", "PICKED_UP", "IN_TRANSIT", "LOST"],
];

const RETURN: &[Way] = &[
    &[
        "RETURN_ORDER_PLACED",
        "OUT_FOR_PICKUP",
        "RETURN_PICKED_UP",
        "IN_TRANSIT",
        "DELIVERED",
    ],
    &["RETURN_ORDER_PLACED", "OUT_FOR_PICKUP", "PICKUP_CANCELLED"],
    &["RETURN_ORDER_PLACED", "CANCELLED"],
    &["RETURN_ORDER_PLACED", "RETURN_APPROVED", "AWB_GENERATED"],
];

impl Direction {
    /// The steps to a state, including it; `None` if no way leads there.
    pub(super) fn way_to(self, state: &str) -> Option<Way> {
        let state = match state {
            "TRANSIT" => "IN_TRANSIT",
            "RETURN_PICKUP" => "RETURN_PICKED_UP",
            usual => usual,
        };
        self.ways().iter().find_map(|way| {
            let end = way.iter().position(|step| *step == state)?;
            way.get(..=end)
        })
    }

    /// All states on any way, each once.
    pub(super) fn states(self) -> Vec<&'static str> {
        let mut states = Vec::new();
        for state in self.ways().iter().copied().flatten() {
            if !states.contains(state) {
                states.push(*state);
            }
        }
        states
    }

    fn ways(self) -> &'static [Way] {
        match self {
            Self::Forward => FORWARD,
            Self::Return => RETURN,
        }
    }
}
