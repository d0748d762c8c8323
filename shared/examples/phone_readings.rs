//! Prints how phone numbers are read. `.ci/country-table --check` compares it with libphonenumber.
//!
//! Standard input has a line for each number: the country, a tab, the number. Standard output has one for each as well: the calling
//! code, a tab, the other digits; or the wrong field, a tab, the error.

use std::io::stdin;

use logistics::domain::country::Country;
use logistics::domain::personal::Personal;
use logistics::domain::phone::WrittenPhone;

#[expect(clippy::print_stdout, reason = "the script reads it")]
fn main() -> std::io::Result<()> {
    for line in stdin().lines() {
        let line = line?;
        let (country, number) = line.split_once('\t').unwrap_or(("", &line));
        let written = WrittenPhone {
            number: &Personal::from(number.to_owned()),
            calling_code: None,
            country: Country::named(country),
        };
        match written.anywhere() {
            Ok(read) => println!("{}\t{}", read.calling_code, read.national.expose()),
            Err(wrong) => println!("{}\t{wrong}", wrong.field()),
        }
    }
    Ok(())
}
