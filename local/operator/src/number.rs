//! Numbers of things in texts for people.

use std::fmt::Display;

/// A number with the words for one or for several: `1 message`, `2 messages`.
pub fn number(count: impl Display, [one, several]: [&str; 2]) -> String {
    let count = count.to_string();
    let words = if count == "1" { one } else { several };
    format!("{count} {words}")
}

/// A number of messages.
pub fn messages(count: impl Display) -> String {
    number(count, ["message", "messages"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_the_words_for_one() {
        assert_eq!(messages(0), "0 messages");
        assert_eq!(messages(1), "1 message");
        assert_eq!(messages("1"), "1 message");
        assert_eq!(messages(1.0), "1 message");
        assert_eq!(messages(11), "11 messages");
        assert_eq!(number(1, ["is queued", "are queued"]), "1 is queued");
    }
}
