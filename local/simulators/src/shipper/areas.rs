//! The areas of Indonesia that the simulator knows.

use serde_json::{Value, json};

/// The vendor's number of Indonesia.
const COUNTRY: u32 = 228;

/// How far coordinates may be from an area's, in degrees of latitude and longitude, to be in its suburb.
const SUBURB: f64 = 0.05;

/// The smallest unit of the vendor's locations.
#[derive(Debug, PartialEq)]
pub(super) struct Area {
    pub(super) id: u64,
    pub(super) name: &'static str,
    suburb: (u32, &'static str),
    pub(super) city: (u32, &'static str),
    province: (u32, &'static str),
    pub(super) postcode: &'static str,
    lat: f64,
    lng: f64,
    pub(super) is_on_java: bool,
    pub(super) couriers: Couriers,
}

/// The couriers that serve an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Couriers {
    All,
    /// By their numbers.
    Only(&'static [u32]),
}

impl Couriers {
    pub(super) fn include(self, logistic: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(those) => those.contains(&logistic),
        }
    }
}

static AREAS: [Area; 7] = [
    Area {
        id: 30101,
        name: "Cikini",
        suburb: (3010, "Menteng"),
        city: (301, "Jakarta Pusat"),
        province: (30, "DKI Jakarta"),
        postcode: "10330",
        lat: -6.1926,
        lng: 106.8386,
        is_on_java: true,
        couriers: Couriers::All,
    },
    Area {
        id: 30102,
        name: "Gondangdia",
        suburb: (3010, "Menteng"),
        city: (301, "Jakarta Pusat"),
        province: (30, "DKI Jakarta"),
        postcode: "10350",
        lat: -6.1890,
        lng: 106.8330,
        is_on_java: true,
        couriers: Couriers::All,
    },
    Area {
        id: 31501,
        name: "Citarum",
        suburb: (3150, "Bandung Wetan"),
        city: (315, "Bandung"),
        province: (31, "Jawa Barat"),
        postcode: "40115",
        lat: -6.9060,
        lng: 107.6190,
        is_on_java: true,
        couriers: Couriers::All,
    },
    Area {
        id: 33701,
        name: "Ketabang",
        suburb: (3370, "Genteng"),
        city: (337, "Surabaya"),
        province: (33, "Jawa Timur"),
        postcode: "60272",
        lat: -7.2590,
        lng: 112.7470,
        is_on_java: true,
        couriers: Couriers::All,
    },
    Area {
        id: 36101,
        name: "Petulu",
        suburb: (3610, "Ubud"),
        city: (361, "Gianyar"),
        province: (36, "Bali"),
        postcode: "80571",
        lat: -8.4900,
        lng: 115.2720,
        is_on_java: false,
        couriers: Couriers::All,
    },
    Area {
        id: 39401,
        name: "Wamena Kota",
        suburb: (3940, "Wamena"),
        city: (394, "Jayawijaya"),
        province: (39, "Papua"),
        postcode: "99511",
        lat: -4.0950,
        lng: 138.9510,
        is_on_java: false,
        couriers: Couriers::Only(&[1]),
    },
    Area {
        id: 30901,
        name: "Pulau Untung Jawa",
        suburb: (3090, "Kepulauan Seribu Selatan"),
        city: (309, "Kepulauan Seribu"),
        province: (30, "DKI Jakarta"),
        postcode: "14510",
        lat: -5.9770,
        lng: 106.7050,
        is_on_java: false,
        couriers: Couriers::Only(&[]),
    },
];

impl Area {
    pub(super) fn with_id(id: u64) -> Option<&'static Self> {
        AREAS.iter().find(|area| area.id == id)
    }

    /// The first area whose suburb has these coordinates.
    pub(super) fn at(lat: f64, lng: f64) -> Option<&'static Self> {
        AREAS.iter().find(|area| area.has(lat, lng))
    }

    /// Whether the coordinates are in the area's suburb.
    pub(super) fn has(&self, lat: f64, lng: f64) -> bool {
        (self.lat - lat).abs() <= SUBURB && (self.lng - lng).abs() <= SUBURB
    }

    pub(super) fn lat(&self) -> Value {
        json!(self.lat)
    }

    pub(super) fn lng(&self) -> Value {
        json!(self.lng)
    }

    /// The names and numbers of all levels.
    pub(super) fn levels(&self) -> Value {
        json!({
            "area_id": self.id,
            "area_name": self.name,
            "suburb_id": self.suburb.0,
            "suburb_name": self.suburb.1,
            "city_id": self.city.0,
            "city_name": self.city.1,
            "province_id": self.province.0,
            "province_name": self.province.1,
            "country_id": COUNTRY,
            "country_name": "INDONESIA",
        })
    }
}
