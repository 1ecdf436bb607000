//! Secrets of every type in the forms in which people say and write them. Numbers with a check
//! digit have the right one; all are invented.

use super::lists::{cities, family, given, streets};
use super::saying::{grouped, number_words, say, spell};
use super::{Dice, Wording};
use crate::numerals::ORDINALS;

/// A secret of a type, as it is said or written.
pub(super) fn value(kind: &str, wording: Wording, dice: &mut Dice) -> String {
    match kind {
        "card" | "card_bare" => {
            let number = card(dice);
            say(&number, &[4, 4, 4, 4, 3], dice)
        }
        "cvv" => {
            let number = dice.digits(3);
            say(&number, &[3], dice)
        }
        "expiry" => expiry(dice),
        "iban" => iban(dice),
        "bank_account" => {
            let length = 8 + dice.below(5);
            let number = dice.digits(length);
            say(&number, &[4, 4, 4], dice)
        }
        "routing" => say(&routing(dice), &[3, 3, 3], dice),
        "sort_code" => {
            let number = dice.digits(6);
            if dice.below(2) == 0 {
                grouped(&number, &[2, 2, 2], "-")
            } else {
                say(&number, &[2, 2, 2], dice)
            }
        }
        "ssn" => official(&ssn(dice, false), dice),
        "itin" => official(&ssn(dice, true), dice),
        "nino" => {
            let text = format!(
                "{}{}{}",
                dice.pick(&["AB", "CE", "JG", "SK", "WL"]),
                dice.digits(6),
                dice.pick(&["A", "B", "C", "D"])
            );
            spell(&text, &[2, 2, 2, 2, 1], dice)
        }
        "passport" => {
            let text = if dice.below(2) == 0 {
                dice.digits(9)
            } else {
                format!("{}{}", dice.letters(1), dice.digits(8))
            };
            spell(&text, &[9], dice)
        }
        "licence" => {
            let text = format!("{}{}", dice.letters(1), dice.digits(7));
            spell(&text, &[8], dice)
        }
        "national_id" => national(dice),
        "phone" => phone(dice),
        "email" => email(wording, dice),
        "url" => url(dice),
        "ip" => ip(dice),
        "mac" => mac(dice),
        "plate" => {
            let text = format!("{}{}{}", dice.digits(1), dice.letters(3), dice.digits(3));
            spell(&text, &[4, 3], dice)
        }
        "vin" => vin(dice),
        "birth_date" => birth_date(dice),
        "age" => {
            let age = 4 + dice.below(90);
            if dice.below(2) == 0 {
                age.to_string()
            } else {
                number_words(age)
            }
        }
        "address" => address(wording, dice),
        "person" => person(wording, dice),
        "username" => format!(
            "{}{}{}",
            dice.pick(given(wording)).to_lowercase(),
            dice.pick(&["_", ".", ""]),
            10 + dice.below(9990)
        ),
        "password" => format!(
            "{}{}{}",
            dice.pick(&["Sunny", "Tiger", "Blue", "Xk9", "Rainbow"]),
            dice.digits(3),
            dice.pick(&["!", "#", "$x", ""])
        ),
        "pin" => {
            let length = 4 + 2 * dice.below(2);
            let number = dice.digits(length);
            say(&number, &[3, 3], dice)
        }
        _ => {
            let text = format!("{}{}", dice.letters(1), dice.digits(8));
            spell(&text, &[3, 3, 3], dice)
        }
    }
}

fn luhn_check(body: &str) -> char {
    let sum: u32 = body
        .chars()
        .rev()
        .enumerate()
        .map(|(place, c)| {
            let digit = c.to_digit(10).unwrap_or(0) * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

/// A number of a known network with its check digit.
pub(super) fn card(dice: &mut Dice) -> String {
    let (prefix, length) = [
        ("4", 16),
        ("51", 16),
        ("2221", 16),
        ("37", 15),
        ("6011", 16),
        ("36", 14),
        ("4", 13),
        ("62", 19),
    ][dice.below(8)];
    let body = format!("{prefix}{}", dice.digits(length - 1 - prefix.len()));
    let check = luhn_check(&body);
    format!("{body}{check}")
}

fn expiry(dice: &mut Dice) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (month, year) = (1 + dice.below(12), 26 + dice.below(9));
    match dice.below(6) {
        0 => format!("{month:02}/{year}"),
        1 => format!("{month:02}/20{year}"),
        2 => format!("{} 20{year}", MONTHS[month - 1]),
        3 => format!("{} twenty {}", MONTHS[month - 1], number_words(year)),
        4 if month < 10 => format!("oh {} {}", number_words(month), number_words(year)),
        4 => format!("{} {}", number_words(month), number_words(year)),
        _ => format!("{month}/{year}"),
    }
}

fn mod97(text: &str) -> u64 {
    text.chars().fold(0, |value, c| {
        let digit = u64::from(c.to_digit(36).unwrap_or(0));
        (value * if digit > 9 { 100 } else { 10 } + digit) % 97
    })
}

fn iban(dice: &mut Dice) -> String {
    let (country, body) = match dice.below(3) {
        0 => ("DE", dice.digits(18)),
        1 => ("GB", format!("{}{}", dice.letters(4), dice.digits(14))),
        _ => ("FR", dice.digits(23)),
    };
    let check = 98 - mod97(&format!("{body}{country}00"));
    let text = format!("{country}{check:02}{body}");
    spell(&text, &[4], dice)
}

fn routing(dice: &mut Dice) -> String {
    let body = format!("{}{}", dice.pick(&["02", "11", "12", "31"]), dice.digits(6));
    let weights = [3, 7, 1, 3, 7, 1, 3, 7];
    let sum: u32 = body
        .chars()
        .zip(weights)
        .map(|(c, w)| c.to_digit(10).unwrap_or(0) * w)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn ssn(dice: &mut Dice, itin: bool) -> String {
    if itin {
        format!(
            "9{}{}{}",
            dice.digits(2),
            dice.pick(&["70", "78", "82", "90"]),
            dice.digits(4)
        )
    } else {
        format!(
            "{}{}{}",
            dice.pick(&["078", "219", "457", "512", "123"]),
            10 + dice.below(89),
            1000 + dice.below(8999)
        )
    }
}

fn official(digits: &str, dice: &mut Dice) -> String {
    if dice.below(3) == 0 {
        grouped(digits, &[3, 2, 4], "-")
    } else {
        say(digits, &[3, 2, 4], dice)
    }
}

fn national(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => {
            let number = dice.digits(8);
            let place = usize::try_from(number.parse::<u64>().unwrap_or(0) % 23).unwrap_or(0);
            let letter = char::from(b"TRWAGMYFPDXBNJZSQVHLCKE"[place]);
            spell(&format!("{number}{letter}"), &[8, 1], dice)
        }
        1 => {
            let number = format!(
                "85{:02}{:02}{}",
                1 + dice.below(12),
                1 + dice.below(28),
                dice.digits(3)
            );
            let check = 97 - number.parse::<u64>().unwrap_or(0) % 97;
            say(&format!("{number}{check:02}"), &[6, 3, 2], dice)
        }
        _ => {
            let body = format!(
                "81{:02}{:02}{}",
                1 + dice.below(12),
                1 + dice.below(28),
                dice.digits(3)
            );
            let check = luhn_check(&body);
            say(&format!("{body}{check}"), &[6, 4], dice)
        }
    }
}

fn phone(dice: &mut Dice) -> String {
    let area = dice.pick(&["212", "415", "312", "206", "617"]);
    let number = format!(
        "{area}{}{}",
        dice.pick(&["555", "234", "867"]),
        dice.digits(4)
    );
    match dice.below(5) {
        0 => format!("({area}) {}-{}", &number[3..6], &number[6..]),
        1 => format!("+1 {area} {} {}", &number[3..6], &number[6..]),
        2 => format!("+44 20 7946 {}", dice.digits(4)),
        3 => format!(
            "0{} {} {}",
            dice.pick(&["7700", "7911"]),
            dice.digits(3),
            dice.digits(3)
        ),
        _ => say(&number, &[3, 3, 4], dice),
    }
}

fn email(wording: Wording, dice: &mut Dice) -> String {
    let (given, family) = (
        dice.pick(given(wording)).to_lowercase(),
        dice.pick(family(wording)).to_lowercase(),
    );
    let (host, top) = (
        dice.pick(&["example", "gmail", "acme", "hotmail"]),
        dice.pick(&["com", "org", "net"]),
    );
    let number = 10 + dice.below(89);
    match dice.below(6) {
        0 => format!("{given}.{family}@{host}.{top}"),
        1 => format!("{given}{number}@{host}.{top}"),
        2 => format!("{given} dot {family} at {host} dot {top}"),
        3 => format!("{given} {} at {host} dot {top}", number_words(number)),
        4 => format!(
            "{} at {host} dot {top}",
            given
                .chars()
                .map(String::from)
                .collect::<Vec<_>>()
                .join(" ")
        ),
        _ => format!("{given} underscore {family} at {host} dot {top}"),
    }
}

fn url(dice: &mut Dice) -> String {
    let host = dice.pick(&["example", "acmeshop", "bluehouse"]);
    match dice.below(4) {
        0 => format!("https://www.{host}.com/u/{}", dice.digits(4)),
        1 => format!("www.{host}.org"),
        2 => format!("{host}.com"),
        _ => format!("www dot {host} dot com"),
    }
}

fn ip(dice: &mut Dice) -> String {
    let parts: Vec<usize> = (0..4).map(|_| 1 + dice.below(99)).collect();
    match dice.below(3) {
        0 => parts
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join("."),
        1 => parts
            .iter()
            .map(|part| number_words(*part))
            .collect::<Vec<_>>()
            .join(" dot "),
        _ => format!(
            "2001:db8::{:x}:{:x}",
            1 + dice.below(60000),
            1 + dice.below(60000)
        ),
    }
}

fn mac(dice: &mut Dice) -> String {
    let parts: Vec<String> = (0..6).map(|_| format!("{:02x}", dice.below(256))).collect();
    parts.join(dice.pick(&[":", "-"]))
}

fn vin(dice: &mut Dice) -> String {
    let body: Vec<char> = format!(
        "1HG{}{}{}",
        dice.letters(2),
        dice.digits(3),
        dice.letters(2)
    )
    .chars()
    .collect();
    let tail = dice.digits(6);
    let mut text: String = body.iter().take(8).collect();
    text.push('0');
    text.push(body[8]);
    text.push_str(&tail);
    text.push_str(&dice.digits(1));
    text
}

fn birth_date(dice: &mut Dice) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (month, day, year) = (dice.below(12), 1 + dice.below(19), 40 + dice.below(60));
    match dice.below(7) {
        0 => format!("{:02}/{day:02}/19{year}", month + 1),
        1 => format!("19{year}-{:02}-{day:02}", month + 1),
        2 => format!("{} {day}, 19{year}", MONTHS[month]),
        3 => format!(
            "{} {} nineteen {}",
            MONTHS[month],
            ORDINALS[day - 1],
            number_words(year)
        ),
        4 => format!(
            "{} of {} {}",
            ORDINALS[day - 1],
            MONTHS[month],
            number_words(year)
        ),
        5 => format!(
            "{} {} nineteen {}",
            number_words(month + 1),
            number_words(day),
            number_words(year)
        ),
        _ => format!("{day} {} 19{year}", MONTHS[month]),
    }
}

fn address(wording: Wording, dice: &mut Dice) -> String {
    let number = 10 + dice.below(89);
    let (street, suffix) = (
        dice.pick(streets(wording)),
        dice.pick(&["Street", "Avenue", "Lane", "Road", "Drive", "Court"]),
    );
    let city = dice.pick(cities(wording));
    let state = dice.pick(&["CA", "TX", "IL", "OR"]);
    match dice.below(5) {
        0 => format!(
            "{number} {street} {suffix}, {city}, {state} {}",
            10000 + dice.below(89999)
        ),
        1 => format!("{number}{} {street} {suffix}, {city}", dice.digits(2)),
        2 => format!(
            "{} {} {street} {suffix} apartment {} {city}",
            number_words(number),
            number_words(10 + dice.below(89)),
            number_words(1 + dice.below(20))
        ),
        3 => format!("{} {street} {suffix}, {city}", number_words(number)),
        _ => format!("{number} {street} {suffix} apt {}", 1 + dice.below(40)),
    }
}

fn person(wording: Wording, dice: &mut Dice) -> String {
    let family = dice.pick(family(wording));
    if dice.below(4) == 0 {
        family.to_owned()
    } else {
        format!("{} {family}", dice.pick(given(wording)))
    }
}
