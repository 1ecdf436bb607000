//! Check digits. Each function takes the bare number; wrong lengths and characters are false.

/// ISO/IEC 7812: doubles every second digit from the right.
pub(super) fn luhn(digits: &str) -> bool {
    let mut sum = 0;
    for (place, byte) in digits.bytes().rev().enumerate() {
        let Some(digit) = char::from(byte).to_digit(10) else {
            return false;
        };
        sum += match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        };
    }
    !digits.is_empty() && sum % 10 == 0
}

/// The digits, where there are as many as asked for and nothing else.
pub(super) fn digits_of(text: &str, length: usize) -> Option<Vec<u32>> {
    let digits: Vec<u32> = text
        .chars()
        .map(|c| c.to_digit(10))
        .collect::<Option<_>>()?;
    (digits.len() == length).then_some(digits)
}

/// Sum of digits times weights; stops with the shorter.
pub(super) fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// The remainder of a decimal number of any length; letters count from 10 as in ISO 13616.
pub(super) fn remainder(text: &str, modulus: u64) -> Option<u64> {
    text.chars().try_fold(0u64, |value, c| {
        let digit = u64::from(c.to_digit(36)?);
        let shift = if digit > 9 { 100 } else { 10 };
        Some((value * shift + digit) % modulus)
    })
}

/// ISO 13616: country, two check digits, account; mod 97 of the rearranged text is 1.
pub(super) fn iban(text: &str) -> bool {
    let length = text.get(..2).and_then(iban_length);
    let (Some(head), Some(tail)) = (text.get(..4), text.get(4..)) else {
        return false;
    };
    length == Some(text.len()) && remainder(&format!("{tail}{head}"), 97) == Some(1)
}

/// Length of a country's IBAN.
pub(super) fn iban_length(country: &str) -> Option<usize> {
    const LENGTHS: &[(usize, &str)] = &[
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FO GL NL"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE IE ME RS"),
        (23, "AE GI IL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "PT"),
        (26, "IS TR"),
        (27, "FR GR IT MC MR SM"),
        (28, "AL AZ CY DO GT HU LB PL"),
        (29, "BR PS QA UA"),
        (30, "JO KW MU"),
        (31, "MT"),
    ];
    LENGTHS
        .iter()
        .find(|(_, countries)| countries.split(' ').any(|one| one == country))
        .map(|(length, _)| *length)
}

/// American Bankers Association routing number.
pub(super) fn routing(text: &str) -> bool {
    digits_of(text, 9).is_some_and(|d| {
        let region = d.first().zip(d.get(1)).map_or(0, |(a, b)| a * 10 + b);
        let known = matches!(region, 1..=12 | 21..=32 | 61..=72 | 80);
        known && weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
    })
}

/// Vehicle identification number: 17 characters, check digit in the ninth place.
pub(super) fn vin(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |c: char| match c {
        'I' | 'O' | 'Q' => None,
        '0'..='9' => c.to_digit(10),
        'A'..='H' => Some(u32::from(c) - u32::from('A') + 1),
        'J'..='R' => Some(u32::from(c) - u32::from('J') + 1),
        'S'..='Z' => Some(u32::from(c) - u32::from('S') + 2),
        _ => None,
    };
    let Some(values) = text.chars().map(value).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let check = match weighted(&values, &WEIGHTS) % 11 {
        10 => Some('X'),
        rest => char::from_digit(rest, 10),
    };
    values.len() == 17 && text.chars().nth(8) == check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass_and_their_neighbours_fail() {
        assert!(luhn("4111111111111111") && !luhn("4111111111111112"));
        assert!(luhn("378282246310005") && !luhn("") && !luhn("41x1"));
        assert!(iban("GB29NWBK60161331926819") && !iban("GB28NWBK60161331926819"));
        assert!(iban("DE89370400440532013000") && !iban("DE8937040044053201300"));
        assert!(iban("MT84MALT011000012345MTLCAST001S"));
        assert!(routing("021000021") && !routing("021000022") && !routing("991000021"));
        assert!(vin("1M8GDM9AXKP042788") && !vin("1M8GDM9A1KP042788"));
    }
}
