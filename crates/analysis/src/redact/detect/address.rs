//! Postal addresses, written and spoken: house number, street, unit, town, state, postcode.
//! Towns and streets standing alone are left to the name model unless the talk asks for them.

mod words;

use domain::EntityKind;

use crate::redact::cues::Cue;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{NumberUse, Token, TokenKind, lexicon};
use words::{
    continues_town, is_direction, is_lower_state, is_state, is_strong, is_suffix, is_unit,
    state_length, stops_street,
};

/// Words that a street's name may have.
const LONGEST_STREET: usize = 4;

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    let mut covered = 0;
    for at in 0..scan.stream.tokens().len() {
        if at < covered {
            continue;
        }
        if let Some((first, suffix)) = street(scan, at) {
            let last = extend(scan, suffix);
            covered = last + 1;
            hits.extend(scan.hit((first, last), EntityKind::Address, "address.street", 0.9));
        }
    }
    find_replies(scan, hits);
    find_places(scan, hits);
    find_postcodes(scan, hits);
}

/// A street that ends with the suffix at a token: its first token and the suffix.
fn street(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let suffix = scan.stream.get(at)?;
    let goes_on = scan
        .stream
        .get(at + 1)
        .is_some_and(|t| t.turn == suffix.turn && is_suffix(t.word()));
    if goes_on || !is_suffix(suffix.word()) {
        return None;
    }
    let asked = scan.cued(at, &[Cue::Address, Cue::HouseNumber]);
    let mut first = at;
    let mut telling = false;
    let mut words = 0;
    let mut capital = suffix.capital;
    while words < LONGEST_STREET {
        let Some(token) = first
            .checked_sub(1)
            .and_then(|i| scan.stream.get(i))
            .filter(|t| t.turn == suffix.turn)
        else {
            break;
        };
        let ordinal = token.kind == TokenKind::Number(NumberUse::Ordinal);
        let dotted = token.is_mark('.') && first >= 2 && is_direction(scan.stream.word(first - 2));
        if dotted || matches!(token.word(), "st" | "nd" | "rd" | "th") && token.glued {
            first -= 1;
            continue;
        }
        if !(ordinal || token.kind == TokenKind::Word && !stops_street(token.word())) {
            break;
        }
        // What was heard has unknown words enough: an everyday one names no street.
        let plain = if scan.hears_capitals && !asked {
            lexicon::is_everyday(token.word())
        } else {
            lexicon::is_common(token.word())
        };
        telling |= ordinal || !plain || token.capital;
        capital &= ordinal || token.capital || is_direction(token.word());
        words += 1;
        first -= 1;
    }
    let house = house_number(scan, first);
    let strong = is_strong(suffix.word());
    let numbered = house.is_some() && words > 0 && (telling || strong || asked);
    let named = words > 0 && telling && strong && (capital || asked);
    if numbered {
        return house.map(|house| (house, at));
    }
    named.then_some((trim_front(scan, first, at), at))
}

/// Drops everyday words that the walk back took in front of the street's name.
fn trim_front(scan: &Scan<'_>, mut first: usize, suffix: usize) -> usize {
    while first + 1 < suffix
        && scan
            .stream
            .get(first)
            .is_some_and(|t| !t.capital && lexicon::is_common(t.word()))
    {
        first += 1;
    }
    first
}

/// First token of the number that ends right before a token: `1242`, `twelve forty two`,
/// `221 B`, `12-14`.
fn house_number(scan: &Scan<'_>, before: usize) -> Option<usize> {
    let turn = scan.stream.turn(before)?;
    let token = |i: usize| scan.stream.get(i).filter(|t| t.turn == turn);
    let mut at = before.checked_sub(1)?;
    if token(at).is_some_and(|t| t.word().len() == 1 && !matches!(t.word(), "a" | "i" if !t.glued))
    {
        at = at.checked_sub(1)?;
    }
    while token(at).is_some_and(|t| t.is_mark(',')) {
        at = at.checked_sub(1)?;
    }
    let mut first = None;
    let mut digits = 0;
    loop {
        match token(at) {
            Some(t) if is_house(t) && digits + t.digits().len() <= 6 => {
                digits += t.digits().len();
                first = Some(at);
            }
            Some(t) if first.is_some() && t.is_mark('-') => {}
            _ => break,
        }
        let Some(next) = at.checked_sub(1) else { break };
        at = next;
    }
    first
}

fn is_house(token: &Token) -> bool {
    matches!(
        token.kind,
        TokenKind::Number(NumberUse::Plain | NumberUse::Phrase | NumberUse::Quantity)
    )
}

/// Takes in unit, town, state and postcode behind a street.
pub(super) fn extend(scan: &Scan<'_>, from: usize) -> usize {
    let Some(turn) = scan.stream.turn(from) else {
        return from;
    };
    let token = |i: usize| scan.stream.get(i).filter(|t| t.turn == turn);
    let mut last = from;
    let mut at = from + 1;
    if token(at).is_some_and(|t| t.is_mark('.') && t.glued) && scan.stream.word(from).len() <= 4 {
        at += 1;
    }
    loop {
        let mut start = at;
        while token(start).is_some_and(|t| {
            matches!(t.kind, TokenKind::Mark(',' | '#')) || lexicon::is_filler(t.word())
        }) {
            start += 1;
        }
        let step = part(scan, start, turn, start > at);
        let Some(end) = step.filter(|end| *end < from + 40) else {
            break;
        };
        last = end;
        at = end + 1;
    }
    last
}

/// The last token of the part of an address that begins at a token.
fn part(scan: &Scan<'_>, at: usize, turn: usize, after_comma: bool) -> Option<usize> {
    let token = scan.stream.get(at).filter(|t| t.turn == turn)?;
    let word = token.word();
    if is_direction(word) && (token.upper || word.len() > 2) {
        return Some(at);
    }
    if is_unit(word)
        || after_comma
            && token.is_number()
            && scan
                .stream
                .get(at.saturating_sub(1))
                .is_some_and(|t| t.is_mark('#'))
    {
        return Some(unit_end(scan, at, turn));
    }
    if is_lower_state(token) && postcode_end(scan, at + 1, turn).is_some() {
        return Some(at);
    }
    if let Some(length) = state_length(scan, at) {
        return Some(at + length - 1);
    }
    if matches!(word, "zip" | "zipcode" | "postcode") {
        let mut place = at + 1;
        while matches!(scan.stream.word(place), "code" | "is") {
            place += 1;
        }
        return postcode_end(scan, place, turn);
    }
    if token.is_number() {
        return postcode_end(scan, at, turn);
    }
    if let Some(code) = scan
        .codes
        .iter()
        .find(|code| code.first == at && is_british(&code.text))
    {
        return Some(code.last);
    }
    let inside = matches!(word, "in" | "of") && !after_comma;
    town_end(scan, at + usize::from(inside), turn, after_comma || inside)
}

fn unit_end(scan: &Scan<'_>, at: usize, turn: usize) -> usize {
    let mut last = at;
    let mut place = at + 1;
    while place < at + 6 {
        let Some(token) = scan.stream.get(place).filter(|t| t.turn == turn) else {
            break;
        };
        let mark = matches!(token.kind, TokenKind::Mark('#' | '.' | '-'));
        let named = matches!(token.word(), "number" | "no");
        if token.is_number()
            || token.letter().is_some() && !matches!(token.word(), "a" | "i" if !token.upper)
        {
            last = place;
        } else if !(mark || named) || last > at {
            break;
        }
        place += 1;
    }
    last
}

/// Five or nine digits, in words or not.
fn postcode_end(scan: &Scan<'_>, at: usize, turn: usize) -> Option<usize> {
    let mut digits = 0;
    let mut last = None;
    for place in at..at + 12 {
        let Some(token) = scan.stream.get(place).filter(|t| t.turn == turn) else {
            break;
        };
        match token.kind {
            TokenKind::Number(NumberUse::Plain) => {
                digits += token.digits().len();
                if matches!(digits, 5 | 9) {
                    last = Some(place);
                }
            }
            TokenKind::Mark('-' | ',') => {}
            _ if token.word() == "dash" => {}
            _ => break,
        }
        if digits >= 9 {
            break;
        }
    }
    last
}

/// One to three words of a town. Without capitals they must be no everyday words and end the
/// phrase.
fn town_end(scan: &Scan<'_>, at: usize, turn: usize, set_off: bool) -> Option<usize> {
    let mut last = None;
    let mut capitals = true;
    let mut place = at;
    while place < at + 3 {
        let Some(token) = scan
            .stream
            .get(place)
            .filter(|t| t.turn == turn && !t.word().is_empty())
        else {
            break;
        };
        let prefix = continues_town(token.word());
        if lexicon::is_common(token.word())
            && !(prefix && (token.capital || set_off || leads_town(scan, place, turn)))
            || token.word().len() < 2
        {
            break;
        }
        capitals &= token.capital;
        last = Some(place);
        place += 1;
        if prefix && token.word() == "st" && scan.stream.get(place).is_some_and(|t| t.is_mark('.'))
        {
            place += 1;
        }
    }
    let last = last?;
    let next = scan.stream.get(last + 1).filter(|t| t.turn == turn);
    let ends = next.is_none_or(|t| {
        matches!(t.kind, TokenKind::Mark(_))
            || t.is_number()
            || lexicon::is_common(t.word())
            || is_state(t)
            || state_length(scan, last + 1).is_some()
    });
    (capitals || ends).then_some(last)
}

/// `new haven`: an everyday word before one that is none.
fn leads_town(scan: &Scan<'_>, at: usize, turn: usize) -> bool {
    scan.stream.get(at + 1).is_some_and(|next| {
        next.turn == turn && !next.word().is_empty() && !lexicon::is_common(next.word())
    })
}

/// A house and a name in answer to the question for an address, without a suffix.
fn find_replies(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for run in scan.runs.iter().filter(|run| run.len() <= 5) {
        let asked = scan
            .before(run.first)
            .next()
            .is_some_and(|cued| cued.cue == Cue::Address && run.first - cued.last <= 25);
        if !asked {
            continue;
        }
        let mut last = run.last;
        while last < run.last + LONGEST_STREET {
            let next = scan.stream.get(last + 1).filter(|t| t.turn == run.turn);
            let named = next.is_some_and(|t| {
                t.kind == TokenKind::Word
                    && (!lexicon::is_common(t.word()) && !stops_street(t.word())
                        || is_suffix(t.word()))
                    && !lexicon::is_unit(t.word())
                    && !lexicon::is_money(t.word())
            });
            if !named {
                break;
            }
            last += 1;
        }
        if last > run.last {
            let last = extend(scan, last);
            hits.extend(scan.hit((run.first, last), EntityKind::Address, "address.reply", 0.7));
        }
    }
}

/// `I live in Springfield`; a state with a postcode: `CA 94105`.
fn find_places(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for cued in scan.cues.iter().filter(|cued| cued.cue == Cue::Address) {
        let ends_with_in = matches!(
            scan.stream.word(cued.last),
            "in" | "at" | "to" | "on" | "is"
        );
        let start = cued.last + 1;
        let Some(turn) = scan.stream.turn(cued.last).filter(|_| ends_with_in) else {
            continue;
        };
        let capital = scan
            .stream
            .get(start)
            .is_some_and(|t| t.capital && t.turn == turn);
        let lives = matches!(
            scan.stream.word(cued.first),
            "live" | "lives" | "moved" | "residing" | "living"
        );
        if (capital || lives)
            && let Some(town) = town_end(scan, start, turn, true)
        {
            hits.extend(scan.hit(
                (start, extend(scan, town)),
                EntityKind::Address,
                "address.town",
                0.6,
            ));
        }
    }
    for at in 0..scan.stream.tokens().len() {
        let Some(turn) = scan
            .stream
            .turn(at)
            .filter(|_| scan.stream.get(at).is_some_and(|t| t.capital))
        else {
            continue;
        };
        if let Some(length) = state_length(scan, at)
            && let Some(last) = postcode_end(scan, at + length, turn)
        {
            hits.extend(scan.hit(
                (at, last),
                EntityKind::Address,
                "address.state_postcode",
                0.9,
            ));
        }
    }
}

/// British postcodes in capitals.
fn find_postcodes(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for code in scan.codes.iter().filter(|code| is_british(&code.text)) {
        let written = scan
            .stream
            .get(code.first)
            .is_some_and(|t| t.upper && !t.spelt);
        let asked = scan.cued(code.first, &[Cue::Postcode, Cue::Address]);
        let reference = scan
            .before(code.first)
            .next()
            .is_some_and(|cued| cued.cue == Cue::Reference);
        if asked || written && !reference && code.last - code.first <= 4 {
            hits.extend(scan.hit(
                (code.first, code.last),
                EntityKind::Address,
                "address.postcode",
                0.85,
            ));
        }
    }
}

/// Outward and inward code: `SW1A1AA`, `M11AE`.
fn is_british(text: &str) -> bool {
    let Some((outward, inward)) = text
        .len()
        .checked_sub(3)
        .and_then(|at| text.split_at_checked(at))
    else {
        return false;
    };
    let classes = |part: &str| -> String {
        part.chars()
            .map(|c| if c.is_ascii_digit() { '9' } else { 'A' })
            .collect()
    };
    classes(inward) == "9AA"
        && matches!(
            classes(outward).as_str(),
            "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A"
        )
}
