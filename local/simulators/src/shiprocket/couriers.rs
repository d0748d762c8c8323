//! The couriers, and the special behaviour of some of them.

use crate::shiprocket::kind::Kind;

/// Whether a courier serves a pincode. Two are served by none, because no place has them; the second one has the form of a
/// pincode.
pub(super) fn is_served(pincode: &str) -> bool {
    !matches!(pincode, "000000" | "999999")
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Courier {
    pub(super) id: u64,
    pub(super) name: &'static str,
    /// `None` for couriers with a test behaviour: they accept any order and are never recommended.
    pub(super) kind: Option<Kind>,
    pub(super) flies: bool,
    pub(super) takes_cash: bool,
    /// Whether it checks the quality of picked-up returns.
    pub(super) checks_quality: bool,
    pub(super) freight: Freight,
    pub(super) habit: Habit,
}

/// How Shiprocket writes this courier's freight charge; all of these forms were observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freight {
    Number,
    Text,
    Zero,
    Empty,
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    Usual,
    /// Its AWBs are not numbers.
    LetteredAwbs,
    /// Assigning fails, with 200, for lack of money.
    EmptyWallet,
    /// Assigning only answers that it is being processed.
    Deferred,
    /// The label is available at the second request.
    SlowLabel,
}

/// The courier that Shiprocket recommends, and uses if none is requested.
pub(super) fn recommended(kind: Kind) -> u64 {
    match kind {
        Kind::Domestic => 43,
        Kind::International => 302,
        Kind::Return => 81,
    }
}

/// The couriers for a kind of order.
pub(super) fn serving(kind: Kind) -> impl Iterator<Item = &'static Courier> {
    COURIERS
        .iter()
        .filter(move |courier| courier.kind == Some(kind))
}

pub(super) fn by_id(id: u64, kind: Kind) -> Option<&'static Courier> {
    COURIERS
        .iter()
        .find(|courier| courier.id == id && courier.kind.is_none_or(|served| served == kind))
}

const PLAIN: Courier = Courier {
    id: 0,
    name: "",
    kind: None,
    flies: false,
    takes_cash: true,
    checks_quality: false,
    freight: Freight::Number,
    habit: Habit::Usual,
};

/// The recommended courier is not the first of its kind.
static COURIERS: [Courier; 12] = [
    Courier {
        id: 11,
        name: "Blue Dart Air",
        kind: Some(Kind::Domestic),
        flies: true,
        takes_cash: false,
        ..PLAIN
    },
    Courier {
        id: 24,
        name: "Xpressbees Surface",
        kind: Some(Kind::Domestic),
        freight: Freight::Zero,
        ..PLAIN
    },
    Courier {
        id: 43,
        name: "Delhivery Surface",
        kind: Some(Kind::Domestic),
        freight: Freight::Text,
        ..PLAIN
    },
    Courier {
        id: 58,
        name: "Shadowfax Surface",
        kind: Some(Kind::Domestic),
        freight: Freight::Empty,
        habit: Habit::LetteredAwbs,
        ..PLAIN
    },
    Courier {
        id: 82,
        name: "Xpressbees Reverse QC",
        kind: Some(Kind::Return),
        checks_quality: true,
        freight: Freight::Missing,
        ..PLAIN
    },
    Courier {
        id: 81,
        name: "Delhivery Reverse",
        kind: Some(Kind::Return),
        freight: Freight::Text,
        ..PLAIN
    },
    Courier {
        id: 301,
        name: "Aramex Worldwide",
        kind: Some(Kind::International),
        flies: true,
        takes_cash: false,
        ..PLAIN
    },
    Courier {
        id: 302,
        name: "DHL Express Worldwide",
        kind: Some(Kind::International),
        flies: true,
        takes_cash: false,
        ..PLAIN
    },
    Courier {
        id: 1,
        name: "Blue Dart",
        ..PLAIN
    },
    Courier {
        id: 901,
        name: "Empty Wallet Surface",
        habit: Habit::EmptyWallet,
        ..PLAIN
    },
    Courier {
        id: 902,
        name: "Deferred Surface",
        habit: Habit::Deferred,
        ..PLAIN
    },
    Courier {
        id: 903,
        name: "Slow Label Surface",
        habit: Habit::SlowLabel,
        ..PLAIN
    },
];
