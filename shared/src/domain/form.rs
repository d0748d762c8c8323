//! The form of a partner's accounts, as its adapter declares it: names, help texts and valid values.
//!
//! It is in the domain because `contract/account.rs` reads bodies by it.

#[cfg(test)]
mod described;

use rust_decimal::Decimal;

/// The fields that a partner's accounts have in addition to the common ones.
#[derive(Debug)]
pub struct AccountForm {
    /// The credentials at the partner.
    pub credentials: &'static [FormEntry],
    /// The URLs of the partner.
    pub urls: &'static [FormEntry],
    /// Settings that the adapter needs in addition to a request.
    pub settings: &'static [FormSetting],
    /// What an operator must enter at the partner, and where; one sentence each.
    pub at_the_partner: &'static [&'static str],
}

/// A credential or a URL.
#[derive(Debug)]
pub struct FormEntry {
    /// Its name.
    pub name: &'static str,
    /// Its help text.
    pub help: &'static str,
    /// Whether every account needs it.
    pub is_needed: bool,
    /// Whether it must not be shown. An e-mail address or a user name is none by itself, nor is a URL.
    pub is_secret: bool,
}

impl FormEntry {
    /// The error message if it is missing.
    pub fn missing(&self) -> String {
        format!("{} is missing: {}", self.name, self.help)
    }
}

/// A setting. No account needs one to be saved; a call that needs a missing setting reports it.
#[derive(Debug)]
pub struct FormSetting {
    /// Its name.
    pub name: &'static str,
    /// The placeholder for a suffix after a full stop, if the setting can have several values.
    pub variant: Option<&'static str>,
    /// Its help text.
    pub help: &'static str,
    /// Whether a warehouse may have its own value.
    pub per_warehouse: bool,
    /// The kind of its value.
    pub kind: SettingKind,
}

/// What separates the texts of a [`SettingKind::List`].
pub const LIST_SEPARATOR: char = ',';

/// The valid values of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Any text.
    Text,
    /// A number above zero.
    Number,
    /// A whole number: an id.
    Id,
    /// `true` or `false`.
    Flag,
    /// One or more texts. They are stored as one text, separated by commas.
    List,
    /// One of these.
    OneOf(&'static [&'static str]),
}

impl AccountForm {
    /// The setting with this name.
    pub fn setting(&self, name: &str) -> Option<&'static FormSetting> {
        self.settings.iter().find(|setting| setting.is_named(name))
    }

    /// The names of all settings.
    pub fn setting_names(&self) -> String {
        let names = self.settings.iter().map(FormSetting::described_name);
        names.collect::<Vec<_>>().join(", ")
    }
}

impl FormSetting {
    /// Its name, and the form with a suffix.
    pub fn described_name(&self) -> String {
        match self.variant {
            Some(variant) => format!("{0}, {0}.<{variant}>", self.name),
            None => self.name.to_owned(),
        }
    }

    fn is_named(&self, name: &str) -> bool {
        let of_variant = || {
            let rest = name.strip_prefix(self.name)?.strip_prefix('.')?;
            (self.variant.is_some() && !rest.is_empty()).then_some(())
        };
        name == self.name || of_variant().is_some()
    }
}

impl SettingKind {
    /// Checks a value; the error says what it must be.
    pub fn check(self, value: &str) -> Result<(), String> {
        let is_right = match self {
            Self::Text => true,
            Self::Number => value
                .parse()
                .is_ok_and(|number: Decimal| number > Decimal::ZERO),
            Self::Id => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Flag => matches!(value, "true" | "false"),
            Self::List => value
                .split(LIST_SEPARATOR)
                .all(|text| !text.trim().is_empty()),
            Self::OneOf(words) => words.contains(&value),
        };
        if is_right {
            Ok(())
        } else {
            Err(format!("must be {}", self.allowed()))
        }
    }

    /// The valid values, in words.
    pub fn allowed(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Number => "a number above 0".to_owned(),
            Self::Id => "a whole number".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::List => "a list of texts, or texts separated by commas".to_owned(),
            Self::OneOf(words) => words.join(", "),
        }
    }
}

/// A problem of an account that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountProblem {
    /// The field, such as `settings.pickupLocation`.
    pub field: Option<String>,
    /// What is wrong, and how to fix it.
    pub detail: String,
}

impl AccountProblem {
    /// A problem of a field.
    pub fn of(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            detail: detail.into(),
        }
    }

    /// A problem without a field.
    pub fn general(detail: impl Into<String>) -> Self {
        Self {
            field: None,
            detail: detail.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: AccountForm = AccountForm {
        credentials: &[],
        urls: &[],
        settings: &[
            FormSetting {
                name: "code",
                variant: Some("courier id"),
                help: "",
                per_warehouse: true,
                kind: SettingKind::Text,
            },
            FormSetting {
                name: "async",
                variant: None,
                help: "",
                per_warehouse: false,
                kind: SettingKind::Flag,
            },
        ],
        at_the_partner: &[],
    };

    #[test]
    fn a_setting_is_found_by_its_name_and_suffixes() {
        let found = |name| FORM.setting(name).map(|setting| setting.name);
        assert_eq!(found("code"), Some("code"));
        assert_eq!(found("code.4"), Some("code"));
        assert_eq!(found("async"), Some("async"));
        for unknown in ["code.", "codes", "async.1", "", "Async"] {
            assert_eq!(found(unknown), None, "{unknown}");
        }
        assert_eq!(FORM.setting_names(), "code, code.<courier id>, async");
    }

    #[test]
    fn each_kind_describes_its_valid_values() {
        for (kind, right, wrong) in [
            (SettingKind::Number, "0.5", "0"),
            (SettingKind::Number, "500", "a"),
            (SettingKind::Id, "6201", "62a"),
            (SettingKind::Id, "0", ""),
            (SettingKind::Flag, "true", "yes"),
            (SettingKind::List, "a, b", "a,,b"),
            (SettingKind::OneOf(&["R", "E"]), "E", "e"),
        ] {
            assert_eq!(kind.check(right), Ok(()), "{kind:?}");
            let told = kind.check(wrong).unwrap_err();
            assert!(told.contains(&kind.allowed()), "{told}");
        }
        assert_eq!(SettingKind::Text.check("x"), Ok(()));
    }
}
