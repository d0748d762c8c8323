//! The parts of a written time: numbers, names of months, a time of day, an offset; in any order that is used.

/// A part of a text: digits, letters, or one other character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word<'t> {
    Digits(&'t str),
    Letters(&'t str),
    Other(u8),
}

/// The parts of a text, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'t> {
    rest: &'t str,
}

impl<'t> Words<'t> {
    /// Of a text that is ASCII.
    pub(super) fn of(text: &'t str) -> Self {
        Self { rest: text }
    }

    fn peek(self) -> Option<Word<'t>> {
        Self { ..self }.take()
    }

    /// Takes the next part if it is this character.
    fn passes(&mut self, character: u8) -> bool {
        let is_next = self.peek() == Some(Word::Other(character));
        if is_next {
            self.take();
        }
        is_next
    }

    fn skip_blanks(&mut self) {
        while self.passes(b' ') {}
    }

    /// Takes everything up to this character; `None` if it is missing.
    fn pass_to(&mut self, character: u8) -> Option<()> {
        while self.take()? != Word::Other(character) {}
        Some(())
    }

    fn digits(&mut self) -> Option<&'t str> {
        match self.take()? {
            Word::Digits(digits) => Some(digits),
            Word::Letters(_) | Word::Other(_) => None,
        }
    }
}

impl<'t> Words<'t> {
    fn take(&mut self) -> Option<Word<'t>> {
        let first = *self.rest.as_bytes().first()?;
        let length_while = |is_in: fn(&u8) -> bool| {
            let bytes = self.rest.bytes();
            bytes.take_while(is_in).count()
        };
        let (length, of): (usize, fn(&'t str) -> Word<'t>) = if first.is_ascii_digit() {
            (length_while(u8::is_ascii_digit), Word::Digits)
        } else if first.is_ascii_alphabetic() {
            (length_while(u8::is_ascii_alphabetic), Word::Letters)
        } else {
            self.rest = self.rest.get(1..)?;
            return Some(Word::Other(first));
        };
        let (word, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(of(word))
    }
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
    pub(super) nanosecond: i32,
}

/// An offset as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offset {
    /// East of UTC.
    Seconds(i32),
    /// A `Z`, which not everybody means.
    Z,
}

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Written<'t> {
    /// The numbers of the date in their order, without the month if it is named.
    numbers: [Option<&'t str>; 3],
    month: Option<i8>,
    has_slash: bool,
    pub(super) time: Option<TimeOfDay>,
    pub(super) offset: Option<Offset>,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// The zones that aggregators name. Others would be a guess.
const ZONES: [(&str, i32); 3] = [("ist", 19_800), ("utc", 0), ("gmt", 0)];

impl<'t> Written<'t> {
    /// The parts of a text; `None` if one of them does not belong to a time.
    pub(super) fn read(mut words: Words<'t>) -> Option<Self> {
        let mut written = Self::default();
        let mut follows_time = false;
        while let Some(word) = words.take() {
            match word {
                Word::Digits(digits) if written.begins_time(digits, words) => {
                    written.read_time(digits, &mut words)?;
                    follows_time = true;
                    continue;
                }
                Word::Digits(digits) => written.add(digits)?,
                Word::Letters(letters) => {
                    let is_zone = written.take(letters)?;
                    follows_time |= is_zone;
                    if is_zone {
                        continue;
                    }
                }
                Word::Other(sign @ (b'+' | b'-')) if follows_time && is_offset(words) => {
                    written.read_offset(sign, &mut words)?;
                }
                Word::Other(b' ') => continue,
                Word::Other(b'(') if written.time.is_some() => {
                    words.pass_to(b')')?;
                }
                Word::Other(b'[') if written.offset.is_some() => {
                    words.pass_to(b']')?;
                }
                Word::Other(b'/') => written.has_slash = true,
                Word::Other(b'-' | b'.' | b',') => {}
                Word::Other(_) => return None,
            }
            follows_time = false;
        }
        Some(written)
    }

    /// Whether digits are an hour: a colon follows.
    fn begins_time(&self, digits: &str, words: Words<'_>) -> bool {
        let mut after = words;
        after.skip_blanks();
        after.peek() == Some(Word::Other(b':')) && digits.len() <= 2 && self.time.is_none()
    }

    fn read_time(&mut self, hour: &str, words: &mut Words<'t>) -> Option<()> {
        let mut hour: i8 = hour.parse().ok()?;
        let minute = next_of_time(words)?;
        let mut ahead = *words;
        let second = next_of_time(&mut ahead);
        if second.is_some() {
            *words = ahead;
        }
        let nanosecond = fraction(words).filter(|_| second.is_some());
        let mut ahead = *words;
        ahead.skip_blanks();
        if let Some(Word::Letters(letters)) = ahead.take()
            && let Some(is_afternoon) = is_afternoon(letters)
        {
            hour = of_twelve_hours(hour, is_afternoon)?;
            *words = ahead;
        }
        self.time = Some(TimeOfDay {
            hour,
            minute,
            second: second.unwrap_or(0),
            nanosecond: nanosecond.unwrap_or(0),
        });
        Some(())
    }

    fn read_offset(&mut self, sign: u8, words: &mut Words<'t>) -> Option<()> {
        let digits = words.digits()?;
        let (hours, minutes) = match digits.len() {
            4 => digits.split_at_checked(2)?,
            2 if words.passes(b':') => (digits, words.digits()?),
            2 => (digits, "0"),
            _ => return None,
        };
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let seconds = hours * 3600 + minutes * 60;
        let is_offset = hours <= 14 && minutes < 60;
        let signed = if sign == b'-' { -seconds } else { seconds };
        self.offset = Some(Offset::Seconds(signed)).filter(|_| is_offset);
        self.offset.map(|_| ())
    }

    /// Takes letters; returns whether they are a zone.
    fn take(&mut self, letters: &str) -> Option<bool> {
        let is = |name: &str| letters.eq_ignore_ascii_case(name);
        let begins = |name: &str| {
            let short = name.get(..letters.len());
            letters.len() >= 3 && short.is_some_and(is)
        };
        if let Some((_, seconds)) = ZONES.iter().find(|(name, _)| is(name)) {
            self.offset = Some(Offset::Seconds(*seconds));
        } else if is("z") && self.time.is_some() {
            self.offset = Some(Offset::Z);
        } else if let Some(month) = MONTHS.iter().position(|name| begins(name)) {
            self.month = Some(i8::try_from(month).ok()? + 1);
            return Some(false);
        } else {
            let is_no_part = is("t") || is("at") || WEEKDAYS.iter().any(|name| begins(name));
            return is_no_part.then_some(false);
        }
        Some(true)
    }

    fn add(&mut self, digits: &'t str) -> Option<()> {
        let free = self.numbers.iter_mut().find(|number| number.is_none())?;
        *free = Some(digits);
        Some(())
    }

    /// Year, month and day, if they have one meaning.
    pub(super) fn date(&self) -> Option<(i16, i8, i8)> {
        let is_year = |digits: &str| digits.len() == 4;
        let small = |digits: &str| (digits.len() <= 2).then(|| digits.parse::<i8>().ok())?;
        match (self.numbers, self.month) {
            ([Some(first), Some(second), None], Some(month)) => {
                let (year, day) = if is_year(first) {
                    (first, second)
                } else {
                    (second, first)
                };
                let year = Some(year).filter(|year| is_year(year))?;
                Some((year.parse().ok()?, month, small(day)?))
            }
            ([Some(first), Some(second), Some(third)], None) => {
                if is_year(first) {
                    return Some((first.parse().ok()?, small(second)?, small(third)?));
                }
                let year = Some(third).filter(|year| is_year(year))?;
                let (month, day) = self.month_and_day(small(first)?, small(second)?)?;
                Some((year.parse().ok()?, month, day))
            }
            _ => None,
        }
    }

    /// India writes the day first. With slashes others write the month first, so only a number that can be no month tells.
    fn month_and_day(&self, first: i8, second: i8) -> Option<(i8, i8)> {
        match (first > 12, second > 12) {
            (false, true) => Some((first, second)),
            (false, false) if self.has_slash && first != second => None,
            (true, _) | (false, false) => Some((second, first)),
        }
    }
}

/// Whether an offset's digits follow a sign.
fn is_offset(words: Words<'_>) -> bool {
    matches!(words.peek(), Some(Word::Digits(digits)) if matches!(digits.len(), 2 | 4))
}

/// Minutes or seconds, after a colon. One recorded push has blanks there.
fn next_of_time(words: &mut Words<'_>) -> Option<i8> {
    words.skip_blanks();
    if !words.passes(b':') {
        return None;
    }
    words.skip_blanks();
    let digits = words.digits().filter(|digits| digits.len() == 2)?;
    digits.parse().ok()
}

/// A fraction of a second, in nanoseconds; further digits are dropped.
fn fraction(words: &mut Words<'_>) -> Option<i32> {
    const DIGITS: usize = 9;
    let mut ahead = *words;
    if !(ahead.passes(b'.') || ahead.passes(b',')) {
        return None;
    }
    let digits = ahead.digits()?;
    *words = ahead;
    let digits = digits.get(..DIGITS.min(digits.len()))?;
    let missing = u32::try_from(DIGITS - digits.len()).ok()?;
    Some(digits.parse::<i32>().ok()? * 10_i32.pow(missing))
}

/// Which half of the day letters name.
fn is_afternoon(letters: &str) -> Option<bool> {
    let is = |name: &str| letters.eq_ignore_ascii_case(name);
    match (is("am"), is("pm")) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        (false, false) => None,
    }
}

/// The hour of a twelve-hour clock.
fn of_twelve_hours(hour: i8, is_afternoon: bool) -> Option<i8> {
    let hour = (1..=12).contains(&hour).then_some(hour % 12)?;
    Some(if is_afternoon { hour + 12 } else { hour })
}
