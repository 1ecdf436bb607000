//! Closed word classes of English that the normaliser and the detectors read.

pub(crate) use super::everyday::is_everyday;
use crate::numerals;

/// What a number word contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberWord {
    /// 0 to 9.
    Unit(u32),
    /// 10 to 19.
    Teen(u32),
    /// 20, 30 … 90.
    Tens(u32),
    /// 100.
    Hundred,
    /// 1,000 or 1,000,000.
    Scale(u32),
    /// `double`, `triple`: repeats the next digit.
    Repeat(usize),
    /// `oh`: zero only among digits.
    Oh,
    /// `first` to `nineteenth`, `twentieth`, `thirtieth`.
    Ordinal(u32),
}

/// The number class of a lower-case word.
pub(crate) fn number_word(word: &str) -> Option<NumberWord> {
    use NumberWord::{Hundred, Oh, Ordinal, Repeat, Scale, Teen, Tens, Unit};
    Some(match word {
        "nought" | "naught" | "nil" => Unit(0),
        "fife" => Unit(5),
        "niner" => Unit(9),
        "fourty" => Tens(40),
        "hundred" => Hundred,
        "thousand" => Scale(1_000),
        "million" => Scale(1_000_000),
        "double" => Repeat(2),
        "triple" | "treble" => Repeat(3),
        "quadruple" => Repeat(4),
        "oh" | "o" => Oh,
        // Every other numeral begins so: most words are none, and this is asked of each.
        other if !other.starts_with(['e', 'f', 'n', 'o', 's', 't', 'z']) => return None,
        other => {
            return match (numerals::small(other), numerals::tens(other)) {
                (Some(unit @ 0..=9), _) => Some(Unit(unit)),
                (Some(teen), _) => Some(Teen(teen)),
                (None, Some(tens)) => Some(Tens(tens)),
                (None, None) => ordinal(other).map(Ordinal),
            };
        }
    })
}

fn ordinal(word: &str) -> Option<u32> {
    if word == "thirtieth" {
        return Some(30);
    }
    numerals::ordinal(word)
}

/// The digit that a recogniser often hears as this word, as in `four` heard as `for`.
pub(crate) fn homophone(word: &str) -> Option<u32> {
    Some(match word {
        "won" => 1,
        "to" | "too" => 2,
        "for" | "fore" => 4,
        "ate" => 8,
        _ => return None,
    })
}

/// The letter that a spelling-alphabet word stands for.
pub(crate) fn nato(word: &str) -> Option<char> {
    Some(match word {
        "alpha" | "alfa" => 'a',
        "bravo" => 'b',
        "charlie" => 'c',
        "delta" => 'd',
        "echo" => 'e',
        "foxtrot" => 'f',
        "golf" => 'g',
        "hotel" => 'h',
        "india" => 'i',
        "juliet" | "juliett" => 'j',
        "kilo" => 'k',
        "lima" => 'l',
        "mike" => 'm',
        "november" => 'n',
        "oscar" => 'o',
        "papa" => 'p',
        "quebec" => 'q',
        "romeo" => 'r',
        "sierra" => 's',
        "tango" => 't',
        "uniform" => 'u',
        "victor" => 'v',
        "whiskey" | "whisky" => 'w',
        "xray" => 'x',
        "yankee" => 'y',
        "zulu" => 'z',
        _ => return None,
    })
}

/// Sounds without meaning.
pub(crate) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "uh" | "um"
            | "er"
            | "erm"
            | "ah"
            | "eh"
            | "hm"
            | "hmm"
            | "mm"
            | "mmm"
            | "mhm"
            | "uhm"
            | "huh"
            | "uhh"
            | "umm"
    )
}

/// Words that may stand between the digits of one number: separators by name, corrections
/// and thinking aloud.
pub(crate) fn joins_digits(word: &str) -> bool {
    matches!(
        word,
        "dash"
            | "hyphen"
            | "space"
            | "slash"
            | "stroke"
            | "minus"
            | "then"
            | "and"
            | "comma"
            | "dot"
            | "next"
            | "followed"
            | "by"
            | "sorry"
            | "no"
            | "wait"
            | "actually"
            | "correction"
            | "i"
            | "mean"
            | "scratch"
            | "that"
            | "oops"
            | "make"
            | "it"
            | "again"
            | "let"
            | "me"
            | "see"
            | "think"
            | "check"
            | "so"
            | "okay"
            | "ok"
            | "yeah"
            | "yes"
            | "well"
            | "like"
            | "hold"
            | "on"
            | "pause"
            | "rather"
            | "not"
            | "is"
            | "that's"
            | "its"
            | "it's"
            | "let's"
    ) || is_filler(word)
}

/// Words of a prompt or an acknowledgement between two halves of one number, said by either
/// side.
pub(crate) fn prompts_digits(word: &str) -> bool {
    joins_digits(word)
        || matches!(
            word,
            "the"
                | "last"
                | "first"
                | "rest"
                | "remaining"
                | "digits"
                | "digit"
                | "numbers"
                | "number"
                | "please"
                | "go"
                | "ahead"
                | "right"
                | "got"
                | "got it"
                | "what's"
                | "what"
                | "are"
                | "after"
                | "continue"
                | "thank"
                | "thanks"
                | "you"
                | "repeat"
                | "could"
                | "can"
                | "say"
                | "group"
                | "sure"
                | "yep"
                | "yup"
                | "alright"
                | "all"
                | "great"
                | "perfect"
                | "good"
                | "correct"
                | "uhhuh"
                | "of"
                | "carry"
                | "keep"
                | "going"
                | "with"
                | "you're"
                | "i'm"
                | "listening"
                | "ready"
                | "cool"
                | "fine"
                | "set"
                | "block"
                | "final"
                | "ones"
                | "more"
                | "just"
                | "a"
                | "moment"
                | "one"
                | "second"
                | "now"
                | "do"
                | "did"
                | "get"
                | "catch"
                | "have"
                | "other"
                | "to"
                | "finish"
                | "end"
                | "ends"
                | "ending"
                | "in"
                | "starts"
                | "my"
                | "your"
                | "card"
                | "for"
        )
}

/// A word after a number that makes it an amount of something.
pub(crate) fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "second"
            | "seconds"
            | "minute"
            | "minutes"
            | "min"
            | "mins"
            | "hour"
            | "hours"
            | "hrs"
            | "day"
            | "days"
            | "night"
            | "nights"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "business"
            | "working"
            | "times"
            | "time"
            | "people"
            | "person"
            | "items"
            | "item"
            | "pieces"
            | "units"
            | "boxes"
            | "orders"
            | "tickets"
            | "calls"
            | "payments"
            | "charges"
            | "questions"
            | "question"
            | "things"
            | "thing"
            | "reasons"
            | "options"
            | "steps"
            | "gigabytes"
            | "gigs"
            | "gb"
            | "mb"
            | "kb"
            | "tb"
            | "megabytes"
            | "megabits"
            | "mbps"
            | "miles"
            | "mile"
            | "kilometers"
            | "km"
            | "kg"
            | "lbs"
            | "grams"
            | "ounces"
            | "inches"
            | "inch"
            | "feet"
            | "foot"
            | "meters"
            | "meter"
            | "cm"
            | "mm"
            | "degrees"
            | "points"
            | "stars"
            | "star"
            | "percent"
            | "pct"
            | "digits"
            | "digit"
            | "letters"
            | "characters"
            | "rooms"
            | "bedrooms"
            | "adults"
            | "kids"
            | "children"
            | "seats"
            | "cents"
            | "thousand"
            | "million"
            | "views"
            | "kilowatt"
            | "watts"
            | "volts"
            | "users"
            | "customers"
            | "pages"
            | "copies"
            | "kwh"
            | "square"
            | "of"
            | "or"
            | "each"
            | "other"
            | "more"
            | "attempts"
            | "tries"
    )
}

/// A word after a number that makes it money.
pub(crate) fn is_money(word: &str) -> bool {
    matches!(
        word,
        "dollar"
            | "dollars"
            | "bucks"
            | "buck"
            | "cent"
            | "cents"
            | "euro"
            | "euros"
            | "pound"
            | "pounds"
            | "pence"
            | "quid"
            | "usd"
            | "eur"
            | "gbp"
            | "cad"
            | "aud"
            | "grand"
    )
}

/// The month that a word names, from 1. Short forms included.
pub(crate) fn month(word: &str) -> Option<u32> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// Words of everyday talk that are no name unless their spelling says so.
pub(crate) fn is_common(word: &str) -> bool {
    let listed = |word: &str| COMMON.binary_search(&word).is_ok();
    // `that'd`, `who'll`: contractions of listed words.
    let contracted = || {
        let (base, ending) = word.split_once('\'')?;
        Some(matches!(ending, "d" | "ll" | "re" | "ve" | "m") && listed(base))
    };
    listed(word) || contracted() == Some(true)
}

/// Sorted, for binary search; a test keeps it so.
const COMMON: &[&str] = &include!("common_words.in");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_sorted_and_unique() {
        assert!(COMMON.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
