//! JSON as people read it: one value a line, with every digit and in the order in which it came.

/// JSON with line breaks and two blanks for each level. Anything else is returned more or less as it is.
pub fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 4);
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    let mut rest = json.chars().peekable();
    while let Some(letter) = rest.next() {
        if in_string {
            text.push(letter);
            in_string = is_escaped || letter != '"';
            is_escaped = letter == '\\' && !is_escaped;
            continue;
        }
        match letter {
            '{' | '[' => {
                text.push(letter);
                while rest.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = rest.next_if(|next| matches!(next, '}' | ']')) {
                    text.push(end);
                } else {
                    depth += 1;
                    break_line(&mut text, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut text, depth);
                text.push(letter);
            }
            ',' => {
                text.push(letter);
                break_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            blank if blank.is_ascii_whitespace() => {}
            '"' => {
                in_string = true;
                text.push(letter);
            }
            other => text.push(other),
        }
    }
    text
}

fn break_line(text: &mut String, depth: usize) {
    text.push('\n');
    // A body that is nested deeper is not read by people, and its indents would have the square of its size.
    for _ in 0..depth.min(20) {
        text.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn each_value_has_a_line_and_texts_and_digits_stay_as_they_are() {
        let json =
            r#"{"b":12345678901234567890123,"a": [ ], "s":"a \"{b},:\\","o":{"x":[1, null]}}"#;
        let lines = indented(json);
        let expected = r#"{
  "b": 12345678901234567890123,
  "a": [],
  "s": "a \"{b},:\\",
  "o": {
    "x": [
      1,
      null
    ]
  }
}"#;
        assert_eq!(lines, expected);
        assert_eq!(indented(&lines), expected);
    }

    proptest! {
        #[test]
        fn the_meaning_stays(texts in prop::collection::vec(any::<String>(), 0..4), number in any::<i64>()) {
            let value = serde_json::json!({ "texts": texts, "number": number, "empty": {} });
            let read: Value = serde_json::from_str(&indented(&value.to_string())).unwrap();
            prop_assert_eq!(read, value);
        }

        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            indented(&text);
        }
    }
}
