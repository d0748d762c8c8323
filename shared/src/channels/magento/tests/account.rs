//! The ways to authenticate: what is missing or mixed.

use super::*;
use crate::channels::magento::account::{is_cod, wrong_fields};

fn wrong(credentials: &[(&str, &str)], settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let wrong = wrong_fields(&account_with(credentials, settings)).into_iter();
    wrong.map(|wrong| (wrong.field, wrong.detail)).collect()
}

#[test]
fn each_way_is_complete_by_itself() {
    let bearer = &[("bearer", "true")][..];
    let token = &[("accessToken", "at")][..];
    for (credentials, settings) in [
        (INTEGRATION, &[][..]),
        (ADMIN, &[]),
        (CLOUD, &[]),
        (token, bearer),
        (INTEGRATION, bearer),
    ] {
        assert_eq!(wrong(credentials, settings), [], "{credentials:?}");
    }
}

#[test]
fn a_missing_credential_is_named_with_those_that_it_belongs_to() {
    let some = wrong(&[("consumerKey", "a"), ("accessToken", "b")], &[]);
    let fields: Vec<&str> = some.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "credentials/consumerSecret",
            "credentials/accessTokenSecret"
        ]
    );
    assert!(
        some[0].1.contains("consumerKey, consumerSecret"),
        "{some:?}"
    );
    let some = wrong(&[("password", "b")], &[]);
    assert_eq!(some[0].0, "credentials/username");
    let some = wrong(&[("clientId", "b"), ("clientSecret", "c")], &[]);
    assert_eq!(some[0].0, "credentials/organizationId");
    let some = wrong(&[("consumerKey", "a")], &[("bearer", "true")]);
    assert_eq!(some[0].0, "credentials/accessToken");
}

#[test]
fn no_credentials_and_mixed_ones_name_the_alternatives() {
    let mixed = [("username", "a"), ("password", "b"), ("consumerKey", "c")];
    for (credentials, word) in [(&[][..], "are missing"), (&mixed, "several ways")] {
        let some = wrong(credentials, &[]);
        assert_eq!(some.len(), 1);
        assert_eq!(some[0].0, "credentials");
        assert!(some[0].1.contains(word), "{some:?}");
        assert!(some[0].1.contains("organizationId"), "{some:?}");
    }
}

#[test]
fn bearer_is_only_for_an_integration() {
    let some = wrong(ADMIN, &[("bearer", "true")]);
    assert_eq!(some[0].0, "settings/bearer");
    assert_eq!(wrong(ADMIN, &[("bearer", "false")]), []);
}

#[test]
fn the_address_and_a_store_code_that_can_be_in_a_path_are_required() {
    let account = plain_account("MAGENTO", INTEGRATION);
    assert_eq!(wrong_fields(&account)[0].field, "urls/baseUrl");
    let some = wrong(INTEGRATION, &[("storeCode", "de/../x")]);
    assert_eq!(some[0].0, "settings/storeCode");
    assert_eq!(wrong(INTEGRATION, &[("storeCode", "de_de")]), []);
}

#[test]
fn payment_methods_are_cash_on_delivery_by_the_account_s_list() {
    let plain = account_with(INTEGRATION, &[]);
    assert!(is_cod(&plain, "cashondelivery"));
    assert!(!is_cod(&plain, "checkmo"));
    let own = account_with(
        INTEGRATION,
        &[("codMethods", "cod, phoenix_cashondelivery")],
    );
    assert!(is_cod(&own, "phoenix_cashondelivery"));
    assert!(!is_cod(&own, "cashondelivery"));
}
