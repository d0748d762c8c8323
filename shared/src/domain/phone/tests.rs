//! Numbers as people write them.

use super::*;

fn written<'a>(
    number: &'a Personal,
    calling_code: Option<&'a str>,
    country: &str,
) -> WrittenPhone<'a> {
    WrittenPhone {
        number,
        calling_code,
        country: Country::named(country),
    }
}

fn indian(number: &str, calling_code: Option<&str>) -> Result<String, WrongPhone> {
    let number = Personal::from(number.to_owned());
    let read = written(&number, calling_code, "IN").within_india();
    read.map(|digits| digits.expose().to_owned())
}

fn anywhere(
    number: &str,
    calling_code: Option<&str>,
    country: &str,
) -> Result<(String, String), WrongPhone> {
    let number = Personal::from(number.to_owned());
    let read = written(&number, calling_code, country).anywhere()?;
    Ok((read.calling_code, read.national.expose().to_owned()))
}

#[test]
fn an_indian_number_has_ten_digits_in_any_notation() {
    for number in [
        "9845012345",
        "+919845012345",
        "+91 98450-12345",
        "09845012345",
        "919845012345",
        "0919845012345",
        "00919845012345",
        "+91 (0) 98450 12345",
        "+91-0-9845012345",
        "+91 09845012345",
        "+91 91 98450 12345",
        "(+91) 98450 12345",
        "+91\u{a0}98450\u{a0}12345",
        "\u{202a}+91 98450\u{2011}12345\u{202c}",
        "98450.12345",
        "९८४५०१२३४५",
        "＋９１９８４５０１２３４５",
    ] {
        for calling_code in [None, Some("91")] {
            let read = indian(number, calling_code);
            assert_eq!(read.as_deref(), Ok("9845012345"), "{number}");
        }
    }
    assert_eq!(indian("080 2345 6789", None).as_deref(), Ok("8023456789"));
    assert_eq!(indian("9123456789", None).as_deref(), Ok("9123456789"));
}

#[test]
fn a_foreign_number_is_not_an_indian_one() {
    for number in [
        "+65 8123 4567",
        "0065 8123 4567",
        "+971 50 123 4567",
        "00 98450 12345",
        "12345",
        "98450123456",
        "9845012345 9845012346",
    ] {
        let read = indian(number, None);
        assert_eq!(read, Err(WrongPhone::NotIndian), "{number}");
        assert_eq!(WrongPhone::NotIndian.field(), "phone");
    }
    let other_code = indian("(212) 555-0123", Some("1"));
    assert_eq!(other_code, Err(WrongPhone::CodeNotIndian));
    assert_eq!(WrongPhone::CodeNotIndian.field(), "phoneCode");
}

#[test]
fn a_number_abroad_is_split_once() {
    for (number, calling_code, country, code, national) in [
        ("501234567", Some("971"), "AE", "971", "501234567"),
        ("+971 050 123 4567", Some("971"), "AE", "971", "501234567"),
        ("971501234567", Some("971"), "AE", "971", "501234567"),
        ("+971 971 50 123 4567", None, "AE", "971", "501234567"),
        ("00971 50 123 4567", None, "AE", "971", "501234567"),
        ("0501234567", None, "AE", "971", "501234567"),
        ("+65 8123 4567", None, "SG", "65", "81234567"),
        ("81234567", Some("65"), "SG", "65", "81234567"),
        ("+44 (0)20 7946 0018", None, "GB", "44", "2079460018"),
        ("(212) 555-0123", Some("1"), "US", "1", "2125550123"),
        ("1-212-555-0123", None, "US", "1", "2125550123"),
        ("+1 1 212 555 0123", None, "US", "1", "2125550123"),
        ("+7 8 912 345 67 89", None, "RU", "7", "9123456789"),
        ("06 20 123 4567", None, "HU", "36", "201234567"),
        // In these countries the zero belongs to the number.
        ("+39 02 1234 5678", None, "IT", "39", "0212345678"),
        ("02 1234 5678", None, "IT", "39", "0212345678"),
        ("+225 01 02 03 04 05", None, "CI", "225", "0102030405"),
        // The phone of another country than the address's.
        ("+91 98450 12345", None, "AE", "91", "9845012345"),
        ("98450 12345", Some("91"), "AE", "91", "9845012345"),
        ("+1 340 712 3456", None, "AE", "1", "3407123456"),
        // No country in the table.
        ("+883 5100 1234", Some("883"), "AE", "883", "51001234"),
    ] {
        let read = anywhere(number, calling_code, country);
        let expected = Ok((code.to_owned(), national.to_owned()));
        assert_eq!(read, expected, "{number} in {country}");
    }
}

#[test]
fn what_cannot_be_split_names_the_wrong_field() {
    for (number, calling_code, country, expected) in [
        ("+65 8123 4567", Some("971"), "AE", WrongPhone::OtherCode),
        ("8123 4567", None, "Atlantis", WrongPhone::NoCode),
        ("+999 8123 4567", None, "AE", WrongPhone::UnknownCode),
    ] {
        let read = anywhere(number, calling_code, country);
        assert_eq!(read, Err(expected), "{number}");
    }
    let Err(WrongPhone::Length(lengths)) = anywhere("5012345678901", Some("971"), "AE") else {
        panic!("13 digits");
    };
    assert_eq!(lengths, "8 or 9 digits after the calling code 971");
}

#[test]
fn two_numbers_extensions_and_words_are_told_apart() {
    for number in [
        "98450 12345, 98450 12346",
        "98450 12345 / 98450 12346",
        "98450 12345;98450 12346",
        "98450 12345 or 98450 12346",
        "9845012345\n9845012346",
        "+919845012345 +919845012346",
    ] {
        assert_eq!(indian(number, None), Err(WrongPhone::Several), "{number}");
    }
    for number in [
        "080 2345 6789 x12",
        "080 2345 6789 ext. 12",
        "080 2345 6789 Extn 12",
        "08023456789#12",
        "08023456789,12",
    ] {
        assert_eq!(indian(number, None), Err(WrongPhone::Extension), "{number}");
    }
    for number in [
        "",
        " ",
        "+",
        "NA",
        "ask Meera",
        "98450 1234x",
        "9845o12345",
        "98+45012345",
    ] {
        assert_eq!(
            indian(number, None),
            Err(WrongPhone::NotANumber),
            "{number}"
        );
    }
}
