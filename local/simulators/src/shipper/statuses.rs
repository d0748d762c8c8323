//! Shipper's status codes and the ways of an order.

use serde_json::{Value, json};

use crate::control::AdvanceRefusal;
use crate::shipper::order::Order;
use crate::ways::Direction;

/// A code of the vendor's list. Words in brackets are filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Status {
    /// The code.
    key: &'static str,
    name: &'static str,
    description: &'static str,
}

const fn status(key: &'static str, name: &'static str, description: &'static str) -> Status {
    Status {
        key,
        name,
        description,
    }
}

static CREATED: Status = status(
    "1000",
    "Paket sedang dipersiapkan",
    "Paket sedang dipersiapkan",
);

/// What the vendor's example has as the internal status beside 1000.
static VALID: Status = status("1001", "Valid", "Valid");

static OTHERS: [Status; 21] = [
    status(
        "999",
        "Cancelled by [actor_name]",
        "Dibatalkan oleh [actor_name]",
    ),
    status("1001", "Penjemputan Diajukan", "Penjemputan Diajukan"),
    status("1010", "Tunggu Penjemputan", "Menunggu penjemputan"),
    status("1020", "Sedang Dijemput", "Paket sedang dijemput driver"),
    status(
        "1030",
        "Proses Penjemputan",
        "Paket dalam proses penjemputan",
    ),
    status("1040", "Paket Siap Dikirim", "Paket sudah siap dikirim"),
    status("1050", "Sampai di HUB", "Paket diterima hub"),
    status("1060", "Sortir Barang", "Paket menuju gudang sortir"),
    status(
        "1160",
        "Paket Dikirim ke [3PL_Name]",
        "Paket Dikirim ke [3PL_Name]",
    ),
    status(
        "1170",
        "Paket Diterima oleh [3PL_Name]",
        "Paket Diterima oleh [3PL_Name]",
    ),
    status(
        "1180",
        "Paket Dalam Perjalanan Bersama [3PL_Name]",
        "Order Dalam Perjalanan dengan [3PL_Name]",
    ),
    status(
        "1190",
        "Paket Sampai Ke Kota Tujuan",
        "Order Sampai ke Kota Tujuan",
    ),
    status("1310", "Salah Alamat Tujuan", "Salah Alamat Tujuan"),
    status("1320", "Antar Ulang", "Paket akan diantar Ulang"),
    status("1330", "Tidak Ada Penerima", "Tidak Ada Penerima"),
    status("1340", "Paket Dikembalikan", "Paket Dikembalikan"),
    status("1370", "Gagal Kirim", "Gagal Kirim"),
    status(
        "1380",
        "Paket Hilang & Rusak di 3PL",
        "Paket Hilang & Rusak di 3PL",
    ),
    status(
        "1410",
        "Retur Dalam Perjalanan",
        "Paket Retur Dalam Perjalanan",
    ),
    status(
        "1420",
        "Retur Sampai ke Kota Pengirim",
        "Paket Retur Sampai ke Kota Pengirim",
    ),
    status(
        "2000",
        "Paket Terkirim",
        "Paket sudah diterima oleh [receiver_name]",
    ),
];

/// As (state on the way, its code). The vendor has none for `OUT_FOR_DELIVERY`.
const STATES: [(&str, &str); 9] = [
    ("AWB_GENERATED", "1000"),
    ("PICKED_UP", "1040"),
    ("IN_TRANSIT", "1180"),
    ("FAILED_DELIVERY", "1330"),
    ("DELIVERED", "2000"),
    ("RTO", "1410"),
    ("RTO_DELIVERED", "1340"),
    ("CANCELLED", "999"),
    ("LOST", "1380"),
];

/// The states before a code that is asked for by itself.
const ON_THE_WAY: [&str; 3] = ["AWB_GENERATED", "PICKED_UP", "IN_TRANSIT"];
/// The first code that only a parcel on its way has.
const EXCEPTIONS: u16 = 1300;
/// The first code of a parcel that left the sender.
const PICKED_UP: u16 = 1040;

/// The status of a new order.
pub(super) fn created() -> &'static Status {
    &CREATED
}

/// The status of a cancelled order.
pub(super) fn cancelled() -> &'static Status {
    of("CANCELLED").unwrap_or(&CREATED)
}

/// The status of a state or with a code; `None` if there is none.
pub(super) fn of(state: &str) -> Option<&'static Status> {
    let key = STATES.iter().find(|(known, _)| *known == state);
    let key = key.map_or(state, |(_, key)| key);
    let mut all = OTHERS.iter().chain([&CREATED]);
    all.find(|status| status.key == key)
}

/// The steps to a state or a code.
pub(super) fn way_to(to: &str, is_cancelled: bool) -> Result<Vec<&'static str>, AdvanceRefusal> {
    if to == "CANCELLED" && is_cancelled {
        return Ok(vec!["CANCELLED"]);
    }
    if let Some(status) = of(to).filter(|status| status.key == to) {
        return Ok(way_to_code(status));
    }
    let direction = Direction::Forward;
    let way = direction
        .way_to(to)
        .ok_or_else(|| AdvanceRefusal::UnknownState {
            to: to.to_owned(),
            direction,
        })?;
    match way.last() {
        Some(&state) if of(state).is_none() => Err(AdvanceRefusal::NoCode {
            vendor: "Shipper",
            state,
        }),
        Some(_) | None => Ok(way
            .iter()
            .copied()
            .filter(|state| of(state).is_some())
            .collect()),
    }
}

fn way_to_code(status: &'static Status) -> Vec<&'static str> {
    let before = if status.code() >= EXCEPTIONS {
        ON_THE_WAY.len()
    } else {
        1
    };
    let before = ON_THE_WAY.iter().take(before).copied();
    before.chain([status.key]).collect()
}

impl Status {
    pub(super) fn code(&self) -> u16 {
        self.key.parse().unwrap_or_default()
    }

    pub(super) fn is_cancellation(&self) -> bool {
        self == cancelled()
    }

    pub(super) fn is_before_pickup(&self) -> bool {
        self.code() < PICKED_UP
    }

    /// Whether it stopped a delivery, so that its name is the reason.
    pub(super) fn is_exception(&self) -> bool {
        (1310..=1330).contains(&self.code())
    }

    /// What the vendor's own people see. Only for 1000 is it known to be something else.
    pub(super) fn internal(&'static self) -> &'static Self {
        if self == &CREATED { &VALID } else { self }
    }

    pub(super) fn name(&self, order: &Order) -> String {
        filled(self.name, order)
    }

    pub(super) fn description(&self, order: &Order) -> String {
        filled(self.description, order)
    }

    /// `{code, name, description}`.
    pub(super) fn told(&self, order: &Order) -> Value {
        json!({
            "code": self.code(),
            "name": self.name(order),
            "description": self.description(order),
        })
    }

    /// `{<number>, name, description}` with a number that has no documented table.
    pub(super) fn numbered(&self, order: &Order, field: &str, number: u32) -> Value {
        json!({
            field: number,
            "name": self.name(order),
            "description": self.description(order),
        })
    }
}

fn filled(words: &str, order: &Order) -> String {
    words
        .replace("[3PL_Name]", order.request.quote.rate.logistic.name)
        .replace("[receiver_name]", &order.request.consignee.name)
        .replace("[actor_name]", "Merchant")
}
