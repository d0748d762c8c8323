//! Shipper's status codes. They are mapped one by one, never by ranges; what is not listed is unknown.
//!
//! The vendor documents this list for `external_status`. `internal_status`, which decides, has codes of the same list;
//! only for 1001 is another name known, `Valid`.

use crate::aggregators::status::AggregatorStatus;
use crate::domain::notification::{Meaning, NotificationType as Word};
use crate::domain::status_mappings::CodeMeanings;

/// Shipper has one table of codes.
const TABLE: &str = "internal_status.code";
const CANCELLED: u32 = 999;

/// A code, Shipper's name for it with a translation, and its meaning.
const CODES: [(u32, &str, Meaning); 22] = [
    (
        CANCELLED,
        "Cancelled by [actor_name]",
        Meaning::Word(Word::Cancelled),
    ),
    (
        1000,
        "Paket sedang dipersiapkan (being prepared)",
        Meaning::Unmapped,
    ),
    (
        1001,
        "Valid; Penjemputan Diajukan (pickup requested)",
        Meaning::Unmapped,
    ),
    (
        1010,
        "Tunggu Penjemputan (waiting for pickup)",
        Meaning::Word(Word::PickupQueue),
    ),
    (
        1020,
        "Sedang Dijemput (a driver is fetching it)",
        Meaning::Word(Word::OutForPickup),
    ),
    (
        1030,
        "Proses Penjemputan (pickup in process)",
        Meaning::Unmapped,
    ),
    (
        1040,
        "Paket Siap Dikirim (ready to be sent)",
        Meaning::Word(Word::ReadyToShip),
    ),
    (
        1050,
        "Sampai di HUB (arrived at the hub)",
        Meaning::Word(Word::Transit),
    ),
    (
        1060,
        "Sortir Barang (on its way to sorting)",
        Meaning::Word(Word::Transit),
    ),
    (
        1160,
        "Paket Dikirim ke [3PL_Name] (sent to the courier)",
        Meaning::Word(Word::Transit),
    ),
    (
        1170,
        "Paket Diterima oleh [3PL_Name] (received by the courier)",
        Meaning::Word(Word::Transit),
    ),
    (
        1180,
        "Paket Dalam Perjalanan Bersama [3PL_Name] (on its way)",
        Meaning::Word(Word::Transit),
    ),
    (
        1190,
        "Paket Sampai Ke Kota Tujuan (in the city of destination)",
        Meaning::Word(Word::Transit),
    ),
    (
        1310,
        "Salah Alamat Tujuan (wrong address)",
        Meaning::Word(Word::Undelivered),
    ),
    (
        1320,
        "Antar Ulang (will be delivered again)",
        Meaning::Word(Word::Undelivered),
    ),
    (
        1330,
        "Tidak Ada Penerima (nobody there)",
        Meaning::Word(Word::Undelivered),
    ),
    (
        1340,
        "Paket Dikembalikan (returned)",
        Meaning::Word(Word::RtoDelivered),
    ),
    (1370, "Gagal Kirim (failed)", Meaning::Unmapped),
    (
        1380,
        "Paket Hilang & Rusak di 3PL (lost or damaged)",
        Meaning::Word(Word::Lost),
    ),
    (
        1410,
        "Retur Dalam Perjalanan (return on its way)",
        Meaning::Unmapped,
    ),
    (
        1420,
        "Retur Sampai ke Kota Pengirim (return in the sender's city)",
        Meaning::Unmapped,
    ),
    (
        2000,
        "Paket Terkirim (delivered)",
        Meaning::Word(Word::Delivered),
    ),
];

/// The meaning of a code.
pub(super) fn meaning(code: u32) -> Meaning {
    let found = CODES.iter().find(|(known, ..)| *known == code);
    found.map_or(Meaning::Unmapped, |(_, _, meaning)| *meaning)
}

/// The meanings of a code as it is written in notifications; `None` if it is not a code.
pub(super) fn meanings(code: &str) -> Option<CodeMeanings> {
    let number: u32 = code.parse().ok()?;
    let is_as_written = number.to_string() == code;
    is_as_written.then(|| CodeMeanings::both(meaning(number)))
}

/// Whether this code means that an order was cancelled.
pub(super) fn is_cancelled(code: u32) -> bool {
    code == CANCELLED
}

/// Whether this code means that a delivery failed: its name is the reason.
pub(super) fn is_exception(code: u32) -> bool {
    meaning(code) == Meaning::Word(Word::Undelivered)
}

/// The whole table.
pub(super) fn all() -> Vec<AggregatorStatus> {
    let status = |(code, name, meaning): &(u32, &'static str, Meaning)| AggregatorStatus {
        table: TABLE,
        code: code.to_string(),
        name,
        forward: *meaning,
        returning: *meaning,
    };
    CODES.iter().map(status).collect()
}
