//! `GET logistic`: the list of the rates. It changes nothing, so it can check a key.

use serde_json::{Value, json};

use crate::shipper::envelope::Answer;
use crate::shipper::rates::{self, Rate};

pub(super) fn logistics() -> Answer {
    Answer::ok(rates::all().iter().map(listed).collect())
}

fn listed(rate: &Rate) -> Value {
    json!({
        "logistic": {
            "id": rate.logistic.id,
            "name": rate.logistic.name,
            "logo_url": "",
            "code": rate.logistic.code,
        },
        "id": rate.id,
        "name": rate.name,
        "type_name": rate.kind.name(),
        "volumetric": rate.volumetric,
        "min_kg": 0,
        "max_kg": rate.max_kg,
    })
}
