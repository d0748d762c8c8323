//! The couriers and their rates: a small part of the vendor's list, with the simulator's own prices.

/// A courier.
#[derive(Debug, PartialEq)]
pub(super) struct Logistic {
    pub(super) id: u32,
    pub(super) name: &'static str,
    pub(super) code: &'static str,
    pub(super) company_name: &'static str,
}

/// A service of a courier.
#[derive(Debug, PartialEq)]
pub(super) struct Rate {
    /// What an order asks for.
    pub(super) id: u64,
    pub(super) logistic: &'static Logistic,
    pub(super) name: &'static str,
    pub(super) kind: RateType,
    /// Cubic centimetres that count as a kilogram.
    pub(super) volumetric: u32,
    /// Kilograms that a parcel may have.
    pub(super) max_kg: u64,
    /// Within a city, on Java, and beyond; none where it is not offered.
    legs: [Option<Leg>; 3],
    pub(super) takes_cod: bool,
    /// What the courier pays without insurance, in rupiahs.
    pub(super) liability_value: u64,
    /// The value of the goods, in rupiahs, above which they must be insured.
    pub(super) insured_above: u64,
}

/// A rate's price and time on a kind of route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leg {
    /// Rupiahs for a kilogram.
    pub(super) unit_price: u64,
    pub(super) min_day: u32,
    pub(super) max_day: u32,
}

/// A kind of route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    WithinCity,
    OnJava,
    Beyond,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RateType {
    Instant,
    Regular,
    Express,
    Trucking,
    SameDay,
}

/// As (the word of a request, the type, its name in answers).
const RATE_TYPES: [(&str, RateType, &str); 5] = [
    ("instant", RateType::Instant, "Instant"),
    ("regular", RateType::Regular, "Regular"),
    ("express", RateType::Express, "Express"),
    ("trucking", RateType::Trucking, "Trucking"),
    ("same-day", RateType::SameDay, "Same Day"),
];

/// More than any goods are worth.
const NEVER: u64 = u64::MAX;

static JNE: Logistic = Logistic {
    id: 1,
    name: "JNE",
    code: "JNE",
    company_name: "PT Tiki Jalur Nugraha Ekakurir",
};
static ANTERAJA: Logistic = Logistic {
    id: 39,
    name: "Anteraja",
    code: "ANT",
    company_name: "PT Tri Adi Bersama",
};
static GO_SEND: Logistic = Logistic {
    id: 25,
    name: "GO-SEND",
    code: "GSN",
    company_name: "PT GoTo Gojek Tokopedia",
};
static DAKOTA: Logistic = Logistic {
    id: 41,
    name: "Dakota Cargo",
    code: "DAKOTA",
    company_name: "PT Dakota Buana Semesta",
};

static LOGISTICS: [&Logistic; 4] = [&JNE, &ANTERAJA, &GO_SEND, &DAKOTA];

static RATES: [Rate; 7] = [
    Rate {
        id: 1,
        logistic: &JNE,
        name: "REG",
        kind: RateType::Regular,
        volumetric: 6000,
        max_kg: 306,
        legs: [leg(10_000, 1, 2), leg(19_000, 2, 3), leg(42_000, 3, 6)],
        takes_cod: true,
        liability_value: 1_000_000,
        insured_above: NEVER,
    },
    Rate {
        id: 2,
        logistic: &JNE,
        name: "YES",
        kind: RateType::Express,
        volumetric: 6000,
        max_kg: 69,
        legs: [leg(18_000, 1, 1), leg(35_000, 1, 1), leg(76_000, 1, 2)],
        takes_cod: false,
        liability_value: 1_000_000,
        insured_above: NEVER,
    },
    Rate {
        id: 312,
        logistic: &JNE,
        name: "JTR",
        kind: RateType::Trucking,
        volumetric: 6000,
        max_kg: 10_000,
        legs: [leg(5_000, 3, 4), leg(5_500, 4, 6), leg(9_000, 7, 12)],
        takes_cod: false,
        liability_value: 1_000_000,
        insured_above: NEVER,
    },
    Rate {
        id: 562,
        logistic: &ANTERAJA,
        name: "Regular",
        kind: RateType::Regular,
        volumetric: 6000,
        max_kg: 50,
        legs: [leg(9_000, 1, 2), leg(17_500, 2, 4), leg(39_000, 4, 8)],
        takes_cod: true,
        liability_value: 500_000,
        insured_above: 500_000,
    },
    Rate {
        id: 563,
        logistic: &ANTERAJA,
        name: "Same Day",
        kind: RateType::SameDay,
        volumetric: 6000,
        max_kg: 5,
        legs: [leg(22_000, 0, 1), None, None],
        takes_cod: false,
        liability_value: 500_000,
        insured_above: 500_000,
    },
    Rate {
        id: 329,
        logistic: &GO_SEND,
        name: "Instant",
        kind: RateType::Instant,
        volumetric: 6000,
        max_kg: 20,
        legs: [leg(32_000, 0, 1), None, None],
        takes_cod: false,
        liability_value: 1_000_000,
        insured_above: NEVER,
    },
    Rate {
        id: 573,
        logistic: &DAKOTA,
        name: "Reguler",
        kind: RateType::Trucking,
        volumetric: 4000,
        max_kg: 149,
        legs: [leg(4_000, 2, 4), leg(4_500, 3, 6), leg(8_000, 6, 14)],
        takes_cod: false,
        liability_value: 1_000_000,
        insured_above: NEVER,
    },
];

#[allow(
    clippy::unnecessary_wraps,
    reason = "a table of rates, some of which have no leg"
)]
const fn leg(unit_price: u64, min_day: u32, max_day: u32) -> Option<Leg> {
    Some(Leg {
        unit_price,
        min_day,
        max_day,
    })
}

/// All rates.
pub(super) fn all() -> &'static [Rate] {
    &RATES
}

/// All couriers.
pub(super) fn logistics() -> &'static [&'static Logistic] {
    &LOGISTICS
}

impl Rate {
    pub(super) fn with_id(id: u64) -> Option<&'static Self> {
        RATES.iter().find(|rate| rate.id == id)
    }

    pub(super) fn leg(&self, route: Route) -> Option<Leg> {
        let [within_city, on_java, beyond] = self.legs;
        match route {
            Route::WithinCity => within_city,
            Route::OnJava => on_java,
            Route::Beyond => beyond,
        }
    }
}

impl RateType {
    /// The words of requests.
    pub(super) const WORDS: [&'static str; 5] =
        ["instant", "regular", "express", "trucking", "same-day"];

    pub(super) fn named(word: &str) -> Option<Self> {
        let found = RATE_TYPES.iter().find(|(known, _, _)| *known == word);
        found.map(|(_, kind, _)| *kind)
    }

    /// Its name in answers.
    pub(super) fn name(self) -> &'static str {
        let found = RATE_TYPES.iter().find(|(_, kind, _)| *kind == self);
        found.map_or("", |(_, _, name)| *name)
    }

    /// A driver comes at once, and must know where.
    pub(super) fn needs_coordinates(self) -> bool {
        match self {
            Self::Instant | Self::SameDay => true,
            Self::Regular | Self::Express | Self::Trucking => false,
        }
    }
}
