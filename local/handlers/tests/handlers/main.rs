//! Tests of all handlers, each with the event that AWS sends, on real tables and queues. They are one binary, because each
//! links the database, the AWS SDK and the simulators. The tests of a function are in the function's folder.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test helpers may panic like tests"
)]

mod alarms;
mod answer;
mod description;
#[expect(
    dead_code,
    reason = "the documents with tables are those of the shared crate"
)]
#[path = "../../../../shared/src/docs.rs"]
mod docs;
mod large_lists;
mod operator_commands;
mod return_orders;
mod schemas;

#[path = "../../../../functions/api-description/tests/handler.rs"]
mod api_description;
#[path = "../../../../functions/cancel-shipment/tests/handler.rs"]
mod cancel_shipment;
#[path = "../../../../functions/channel-changes/tests/handler/mod.rs"]
mod channel_changes;
#[path = "../../../../functions/channel-hooks/tests/handler/mod.rs"]
mod channel_hooks;
#[path = "../../../../functions/channel-inventory/tests/handler.rs"]
mod channel_inventory;
#[path = "../../../../functions/channel-manifests/tests/handler.rs"]
mod channel_manifests;
#[path = "../../../../functions/channel-orders/tests/handler.rs"]
mod channel_orders;
#[path = "../../../../functions/channel-poll/tests/handler/mod.rs"]
mod channel_poll;
#[path = "../../../../functions/channel-read/tests/handler.rs"]
mod channel_read;
#[path = "../../../../functions/configuration/tests/handler/mod.rs"]
mod configuration;
#[path = "../../../../functions/console/tests/handler/mod.rs"]
mod console;
#[path = "../../../../functions/create-order/tests/handler.rs"]
mod create_order;
#[path = "../../../../functions/exchange/tests/handler.rs"]
mod exchange;
#[path = "../../../../functions/generate-label/tests/handler.rs"]
mod generate_label;
#[path = "../../../../functions/get-label/tests/handler.rs"]
mod get_label;
#[path = "../../../../functions/get-notification/tests/handler.rs"]
mod get_notification;
#[path = "../../../../functions/get-shipment/tests/handler.rs"]
mod get_shipment;
#[path = "../../../../functions/invoices/tests/handler.rs"]
mod invoices;
#[path = "../../../../functions/list-notifications/tests/handler/mod.rs"]
mod list_notifications;
#[path = "../../../../functions/messages/tests/handler.rs"]
mod messages;
#[path = "../../../../functions/notification-forward/tests/handler/mod.rs"]
mod notification_forward;
#[path = "../../../../functions/notification-push/tests/handler.rs"]
mod notification_push;
#[path = "../../../../functions/notification-resume/tests/handler/mod.rs"]
mod notification_resume;
#[path = "../../../../functions/outbound-order/tests/handler/mod.rs"]
mod outbound_order;
#[path = "../../../../functions/outbound-sweep/tests/handler.rs"]
mod outbound_sweep;
#[path = "../../../../functions/price-shipment/tests/handler.rs"]
mod price_shipment;
#[path = "../../../../functions/recommend-couriers/tests/handler.rs"]
mod recommend_couriers;
#[path = "../../../../functions/recover-endpoint/tests/handler.rs"]
mod recover_endpoint;
#[path = "../../../../functions/return-awb/tests/handler.rs"]
mod return_awb;
#[path = "../../../../functions/return-order/tests/handler/mod.rs"]
mod return_order;
#[path = "../../../../functions/return-processing/tests/handler/mod.rs"]
mod return_processing;
#[path = "../../../../functions/settle-label/tests/handler.rs"]
mod settle_label;
#[path = "../../../../functions/unmapped-statuses/tests/handler.rs"]
mod unmapped_statuses;
#[path = "../../../../functions/warehouse-reports/tests/handler/mod.rs"]
mod warehouse_reports;
