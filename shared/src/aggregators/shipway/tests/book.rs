//! Buying a label or a return AWB.

mod answer;
mod repeat;
mod request;

use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::tests::*;
use crate::domain::booking::Booked;
use crate::partners::workbench::MemoryProgress;

pub(super) async fn book(
    bench: &Workbench,
    request: &ShipmentRequest,
) -> Result<Booked, PartnerFailure> {
    bench
        .book(&Shipway, request, &MemoryProgress::default())
        .await
}

/// Books a label with this response to the booking call.
async fn label_when(template: ResponseTemplate) -> Result<Booked, PartnerFailure> {
    let bench = shipway().await;
    on(&bench, "POST", "/v2orders", template).await;
    book(&bench, &fixture(LABEL_MINIMAL)).await
}
