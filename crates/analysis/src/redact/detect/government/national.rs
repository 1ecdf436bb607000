//! Check digits of national ids: EU member states and the United Kingdom.

use crate::redact::detect::checksums::{digits_of, luhn, remainder, weighted};

/// Whether it passes the check of any member state whose ids have one.
pub(super) fn is_valid(text: &str) -> bool {
    is_lettered(text) || NUMERIC.iter().any(|check| check(text))
}

/// Ids with letters in fixed places and a check character.
pub(super) fn is_lettered(text: &str) -> bool {
    spain(text) || italy(text) || finland(text) || ireland(text)
}

type Check = fn(&str) -> bool;

const NUMERIC: &[Check] = &[
    germany,
    france,
    netherlands,
    belgium,
    portugal,
    poland,
    sweden,
    denmark,
    austria,
    czechia,
    romania,
    bulgaria,
    croatia,
    slovenia,
    baltic,
    greece_tax,
    greece_social,
    hungary,
    latvia,
];

/// Two prefix letters, six digits, a suffix of A to D; prefixes that were never given out are
/// left out.
pub(super) fn nino(text: &str) -> bool {
    let bytes = text.as_bytes();
    let [a, b, digits @ .., suffix] = bytes else {
        return false;
    };
    let first = a.is_ascii_uppercase() && !b"DFIQUV".contains(a);
    let second = b.is_ascii_uppercase() && !b"DFIOQUV".contains(b);
    let barred = [*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"].contains(&[*a, *b]);
    first
        && second
        && !barred
        && digits.len() == 6
        && digits.iter().all(u8::is_ascii_digit)
        && (b'A'..=b'D').contains(suffix)
}

/// Great Britain's driving licence: five of the surname, six of the birth date, initials, checks.
pub(super) fn uk_driver(text: &str) -> bool {
    let (Some(name), Some(birth), Some(rest)) = (text.get(..5), text.get(5..11), text.get(11..16))
    else {
        return false;
    };
    let named = name.bytes().all(|b| b.is_ascii_uppercase() || b == b'9')
        && name.starts_with(|c: char| c.is_ascii_uppercase());
    let month = birth
        .get(1..3)
        .and_then(|m| m.parse::<u32>().ok())
        .unwrap_or(0);
    let day = birth
        .get(3..5)
        .and_then(|d| d.parse::<u32>().ok())
        .unwrap_or(0);
    let dated = birth.bytes().all(|b| b.is_ascii_digit())
        && matches!(month, 1..=12 | 51..=62)
        && (1..=31).contains(&day);
    text.len() == 16
        && named
        && dated
        && rest
            .bytes()
            .take(2)
            .all(|b| b.is_ascii_uppercase() || b == b'9')
        && rest.bytes().skip(2).all(|b| b.is_ascii_alphanumeric())
}

fn split_check(text: &str, digits: usize) -> Option<(u64, char)> {
    let (number, check) = text.split_at_checked(digits)?;
    let mut check = check.chars();
    let letter = check.next()?;
    let all_digits = number.bytes().all(|b| b.is_ascii_digit());
    (all_digits && check.next().is_none()).then_some((number.parse().ok()?, letter))
}

fn letter_at(table: &str, place: u64) -> Option<char> {
    table.chars().nth(usize::try_from(place).ok()?)
}

/// DNI and NIE: remainder of 23 as a letter; X, Y, Z stand for 0, 1, 2.
fn spain(text: &str) -> bool {
    let text = match text.split_at_checked(1) {
        Some(("X", rest)) => format!("0{rest}"),
        Some(("Y", rest)) => format!("1{rest}"),
        Some(("Z", rest)) => format!("2{rest}"),
        _ => text.to_owned(),
    };
    split_check(&text, 8).is_some_and(|(number, letter)| {
        letter_at("TRWAGMYFPDXBNJZSQVHLCKE", number % 23) == Some(letter)
    })
}

/// Henkilötunnus without its century sign or with `A`: remainder of 31.
fn finland(text: &str) -> bool {
    let bare = match text.as_bytes().get(6) {
        Some(b'A'..=b'F') if text.len() == 11 => [text.get(..6), text.get(7..)]
            .into_iter()
            .flatten()
            .collect(),
        _ => text.to_owned(),
    };
    let dated = bare
        .get(..4)
        .and_then(|date| date.parse::<u32>().ok())
        .is_some_and(|date| (1..=31).contains(&(date / 100)) && (1..=12).contains(&(date % 100)));
    dated
        && split_check(&bare, 9).is_some_and(|(number, letter)| {
            letter.is_ascii_uppercase()
                && letter_at("0123456789ABCDEFHJKLMNPRSTUVWXY", number % 31) == Some(letter)
        })
}

/// PPS number: seven digits, check letter by 23, perhaps one letter more.
fn ireland(text: &str) -> bool {
    let Some(digits) = text.get(..7).and_then(|head| digits_of(head, 7)) else {
        return false;
    };
    let mut letters = text.chars().skip(7);
    let Some(check) = letters.next() else {
        return false;
    };
    let more = letters.next();
    let extra = match more {
        None | Some('W') => 0,
        Some(c @ 'A'..='I') => (u32::from(c) - u32::from('A') + 1) * 9,
        Some(_) => return false,
    };
    let sum = weighted(&digits, &[8, 7, 6, 5, 4, 3, 2]) + extra;
    letters.next().is_none()
        && letter_at("WABCDEFGHIJKLMNOPQRSTUV", u64::from(sum % 23)) == Some(check)
}

/// Codice fiscale: letters and digits in fixed places, check letter over odd and even places.
fn italy(text: &str) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    const SHAPE: &str = "LLLLLLDDLDDLDDDL";
    let shaped = text.len() == 16
        && text
            .chars()
            .zip(SHAPE.chars())
            .all(|(c, shape)| match shape {
                'L' => c.is_ascii_uppercase(),
                _ => c.is_ascii_digit() || "LMNPQRSTUV".contains(c),
            });
    let place = |c: char| {
        c.to_digit(10)
            .unwrap_or_else(|| u32::from(c).wrapping_sub(u32::from('A')))
    };
    let sum: u32 = text
        .chars()
        .take(15)
        .enumerate()
        .map(|(at, c)| {
            let value = place(c);
            let odd = usize::try_from(value)
                .ok()
                .and_then(|i| ODD.get(i))
                .copied()
                .unwrap_or(0);
            if at % 2 == 0 { odd } else { value }
        })
        .sum();
    shaped && text.chars().next_back().map(place) == Some(sum % 26)
}

/// Steuer-Identifikationsnummer: ISO 7064 mod 11, 10.
fn germany(text: &str) -> bool {
    text.len() == 11 && !text.starts_with('0') && mod_11_10(text)
}

/// OIB.
fn croatia(text: &str) -> bool {
    text.len() == 11 && mod_11_10(text)
}

fn mod_11_10(text: &str) -> bool {
    let Some(digits) = digits_of(text, text.len()) else {
        return false;
    };
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    let product = body.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum } * 2) % 11
    });
    (11 - product) % 10 == *check
}

/// NIR: 13 digits and a key of two, 97 minus the remainder. Corsica's letters are left out.
fn france(text: &str) -> bool {
    let (Some(number), Some(key)) = (text.get(..13), text.get(13..15)) else {
        return false;
    };
    let sexed = number.starts_with('1') || number.starts_with('2');
    text.len() == 15
        && sexed
        && number.bytes().all(|b| b.is_ascii_digit())
        && remainder(number, 97)
            .zip(key.parse::<u64>().ok())
            .is_some_and(|(rest, key)| 97 - rest == key)
}

/// BSN: eleven test with the last weight negative.
fn netherlands(text: &str) -> bool {
    digits_of(text, 9).is_some_and(|d| {
        let sum = weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]);
        d.last().is_some_and(|last| sum % 11 == *last) && sum > 0
    })
}

/// National register number: 97 minus the remainder, a 2 in front for those born from 2000.
fn belgium(text: &str) -> bool {
    let (Some(number), Some(check)) = (text.get(..9), text.get(9..11)) else {
        return false;
    };
    let Ok(check) = check.parse::<u64>() else {
        return false;
    };
    let fits = |number: &str| remainder(number, 97).is_some_and(|rest| 97 - rest == check);
    digits_of(text, 11).is_some() && (fits(number) || fits(&format!("2{number}")))
}

/// NIF.
fn portugal(text: &str) -> bool {
    digits_of(text, 9).is_some_and(|d| {
        let rest = weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        d.last() == Some(&if rest < 2 { 0 } else { 11 - rest })
    })
}

/// PESEL.
fn poland(text: &str) -> bool {
    digits_of(text, 11).is_some_and(|d| {
        let sum = weighted(&d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
        d.last() == Some(&((10 - sum % 10) % 10))
            && month_fits(text.get(2..4), &[0, 20, 40, 60, 80])
    })
}

fn month_fits(month: Option<&str>, offsets: &[u32]) -> bool {
    month
        .and_then(|month| month.parse::<u32>().ok())
        .is_some_and(|month| {
            offsets
                .iter()
                .any(|offset| (1..=12).contains(&month.wrapping_sub(*offset)))
        })
}

/// Personnummer, with or without the century.
fn sweden(text: &str) -> bool {
    let short = if text.len() == 12 {
        text.get(2..).unwrap_or("")
    } else {
        text
    };
    short.len() == 10 && luhn(short) && month_fits(short.get(2..4), &[0])
}

/// CPR number: a date; its check digit is no longer given out consistently.
fn denmark(text: &str) -> bool {
    digits_of(text, 10).is_some()
        && month_fits(text.get(2..4), &[0])
        && text
            .get(..2)
            .and_then(|day| day.parse::<u32>().ok())
            .is_some_and(|day| (1..=31).contains(&day))
}

/// Sozialversicherungsnummer.
fn austria(text: &str) -> bool {
    digits_of(text, 10).is_some_and(|d| {
        let sum = weighted(&d, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
        d.get(3) == Some(&sum) && month_fits(text.get(6..8), &[0])
    })
}

/// Rodné číslo: divisible by eleven; women's months begin at 51. Serves Slovakia too.
fn czechia(text: &str) -> bool {
    text.len() == 10
        && remainder(text, 11) == Some(0)
        && month_fits(text.get(2..4), &[0, 20, 50, 70])
}

/// CNP.
fn romania(text: &str) -> bool {
    digits_of(text, 13).is_some_and(|d| {
        let rest = weighted(&d, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
        d.last() == Some(&if rest == 10 { 1 } else { rest }) && month_fits(text.get(3..5), &[0])
    })
}

/// EGN.
fn bulgaria(text: &str) -> bool {
    digits_of(text, 10).is_some_and(|d| {
        let rest = weighted(&d, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
        d.last() == Some(&rest) && month_fits(text.get(2..4), &[0, 20, 40])
    })
}

/// EMŠO.
fn slovenia(text: &str) -> bool {
    digits_of(text, 13).is_some_and(|d| {
        let rest = weighted(&d, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        d.last() == Some(&((11 - rest) % 11)) && month_fits(text.get(2..4), &[0])
    })
}

/// Isikukood of Estonia and asmens kodas of Lithuania.
fn baltic(text: &str) -> bool {
    digits_of(text, 11).is_some_and(|d| {
        let first = weighted(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        let second = weighted(&d, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
        let check = if first < 10 { first } else { second % 10 };
        d.last() == Some(&check) && month_fits(text.get(3..5), &[0])
    })
}

/// AFM.
fn greece_tax(text: &str) -> bool {
    digits_of(text, 9).is_some_and(|d| {
        let sum = weighted(&d, &[256, 128, 64, 32, 16, 8, 4, 2]);
        d.last() == Some(&(sum % 11 % 10)) && sum > 0
    })
}

/// AMKA: a date of birth, then a Luhn digit.
fn greece_social(text: &str) -> bool {
    text.len() == 11 && luhn(text) && month_fits(text.get(2..4), &[0])
}

/// Tax identification number of a person.
fn hungary(text: &str) -> bool {
    digits_of(text, 10).is_some_and(|d| {
        let rest = weighted(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
        d.first() == Some(&8) && d.last() == Some(&rest)
    })
}

/// Personas kods of before 2017.
fn latvia(text: &str) -> bool {
    digits_of(text, 11).is_some_and(|d| {
        let sum = weighted(&d, &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
        d.last() == Some(&((1101 - sum) % 11 % 10)) && month_fits(text.get(2..4), &[0])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass() {
        assert!(nino("AB123456C") && !nino("GB123456A") && !nino("AB123456E"));
        assert!(uk_driver("MORGA657054SM9IJ"));
        assert!(spain("12345678Z") && spain("X1234567L") && !spain("12345678A"));
        assert!(italy("RSSMRA85T10A562S") && !italy("RSSMRA85T10A562T"));
        assert!(finland("131052308T") && finland("010100A123D") == finland("010100123D"));
        assert!(ireland("1234567T") && ireland("1234567FA"));
        assert!(germany("86095742719") && !germany("86095742718"));
        assert!(france("255081416802538") && netherlands("111222333"));
        assert!(belgium("85073003328") && poland("44051401359"));
        assert!(sweden("8112189876") && sweden("198112189876"));
        assert!(croatia("94577403194") && bulgaria("7523169263"));
        assert!(romania("1800101221144") && slovenia("0101006500006"));
        assert!(baltic("37605030299") && baltic("38703181745"));
        assert!(portugal("123456789") && austria("1237010180"));
        assert!(denmark("0101701234") && czechia("7103192745"));
    }

    #[test]
    fn short_and_foreign_text_is_refused() {
        for text in [
            "",
            "1",
            "A",
            "é",
            "12345678é",
            "ÄB123456C",
            "9999999999999999999999",
        ] {
            assert!(!nino(text) && !uk_driver(text) && !is_valid(text), "{text}");
        }
    }
}
