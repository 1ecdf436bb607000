//! Gives numbers and codes to the cue that announces them: the nearest whose shape fits.

use domain::EntityKind;

use super::{bank, birth, card, government, phone};
use crate::redact::cues::{Cue, Cued};
use crate::redact::scan::{Hit, Scan};

/// What is asked about.
pub(super) struct Value<'a> {
    /// Tokens.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Digits, or letters and digits.
    pub(super) text: &'a str,
    /// Digits of the chain it is part of, over turns.
    pub(super) chain_digits: usize,
    pub(super) chain: Option<usize>,
}

impl Value<'_> {
    /// Whether it, or the chain it is a part of, has a length in the range.
    pub(super) fn fits(&self, low: usize, high: usize) -> bool {
        let range = low..=high;
        range.contains(&self.text.len())
            || self.text.len() >= 2
                && self.text.len() < low
                && self.chain.is_some()
                && range.contains(&self.chain_digits)
    }
}

/// What a cue makes of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    Secret(EntityKind, &'static str, f32),
    Harmless,
}

/// A value that a cue claimed.
pub(super) struct Claim {
    pub(super) first: usize,
    pub(super) chain: Option<usize>,
    pub(super) verdict: Verdict,
}

impl Claim {
    fn is_of(&self, kind: EntityKind) -> bool {
        matches!(self.verdict, Verdict::Secret(own, _, _) if own == kind)
    }
}

/// The verdict of the nearest cue that fits. A business number such as an order's does not
/// shield from what else its sentence asks for.
pub(super) fn judge(scan: &Scan<'_>, value: &Value<'_>, earlier: &[Claim]) -> Option<Verdict> {
    let mut harmless_turn = None;
    for cued in scan.before(value.first) {
        let turn = scan.stream.turn(cued.last);
        if harmless_turn.is_some() && harmless_turn != Some(turn) {
            return Some(Verdict::Harmless);
        }
        match accept(scan, cued, value) {
            Some(Verdict::Harmless) => harmless_turn = Some(turn),
            Some(verdict) if !is_spent(scan, cued, value, verdict, earlier) => {
                return Some(verdict);
            }
            _ => {}
        }
    }
    if harmless_turn.is_some() {
        return Some(Verdict::Harmless);
    }
    scan.behind(value.last)
        .find_map(|cued| accept(scan, cued, value))
}

/// A cue for a short number announces one number only.
fn is_spent(
    scan: &Scan<'_>,
    cued: &Cued,
    value: &Value<'_>,
    verdict: Verdict,
    earlier: &[Claim],
) -> bool {
    let Verdict::Secret(kind, ..) = verdict else {
        return false;
    };
    let short = matches!(
        cued.cue,
        Cue::Cvv | Cue::CardBack | Cue::Expiry | Cue::Pin | Cue::OneTimeCode | Cue::Age | Cue::HouseNumber
            | Cue::Postcode | Cue::LastFour | Cue::Birth | Cue::SecurityAnswer | Cue::Username
            | Cue::Plate | Cue::CardNumber if value.text.len() <= 8
    );
    short
        && (scan.holds(cued.last, value.first, kind)
            || earlier
                .iter()
                .rev()
                .take_while(|claim| claim.first > cued.last)
                .any(|claim| {
                    claim.is_of(kind) && (claim.chain != value.chain || claim.chain.is_none())
                }))
}

fn accept(scan: &Scan<'_>, cued: &Cued, value: &Value<'_>) -> Option<Verdict> {
    let near = |tokens: usize| value.first.abs_diff(cued.last) <= tokens;
    let secret = |kind, detector, confidence| Some(Verdict::Secret(kind, detector, confidence));
    let replies = |tokens: usize| {
        let turn = scan.stream.turn(cued.last).map(|turn| turn + 1);
        let end = scan.sentence_end(cued.last) + 1;
        let asked = || {
            scan.stream
                .slice(cued.last, end)
                .iter()
                .any(|t| t.is_mark('?'))
        };
        turn == scan.stream.turn(value.first)
            && asked()
            && value.first - scan.turn_start(value.first) <= tokens
    };
    let all_digits = value.text.bytes().all(|b| b.is_ascii_digit());
    match cued.cue {
        Cue::CardNumber | Cue::Card | Cue::LastFour | Cue::Cvv | Cue::CardBack | Cue::Expiry
            if all_digits =>
        {
            card::accept(scan, cued, value)
        }
        Cue::BankAccount | Cue::Account | Cue::Routing | Cue::SortCode | Cue::Iban => {
            bank::accept(cued, value)
        }
        Cue::Social
        | Cue::TaxId
        | Cue::NationalInsurance
        | Cue::Passport
        | Cue::Licence
        | Cue::NationalId => government::accept(cued, value),
        Cue::Phone if all_digits => phone::accept(value),
        Cue::Birth | Cue::Age if all_digits => birth::accept(scan, cued, value),
        Cue::Address if all_digits => {
            let reply = scan.turn_start(value.first) + 3 >= value.first
                && scan.stream.turn(cued.last) != scan.stream.turn(value.first);
            (reply && scan.asks(cued.last) && value.text.len() <= 6
                || near(3) && value.text.len() <= 6)
                .then_some(Verdict::Secret(EntityKind::Address, "address.reply", 0.6))
        }
        Cue::HouseNumber if value.text.len() <= 6 && near(8) => {
            secret(EntityKind::Address, "address.house_number", 0.8)
        }
        Cue::Postcode if value.fits(4, 9) && near(25) => {
            secret(EntityKind::Address, "address.postcode", 0.9)
        }
        Cue::Pin if value.fits(3, 8) && near(25) => {
            secret(EntityKind::Credential, "credential.pin", 0.85)
        }
        Cue::OneTimeCode if value.fits(4, 8) && near(30) => {
            secret(EntityKind::Credential, "credential.one_time_code", 0.85)
        }
        Cue::Password if near(6) || replies(8) && value.fits(3, 12) => {
            secret(EntityKind::Credential, "credential.password", 0.8)
        }
        Cue::SecurityAnswer if value.text.len() >= 2 && near(8) => {
            secret(EntityKind::Credential, "credential.security_answer", 0.7)
        }
        Cue::Username if value.text.len() >= 3 && near(6) => {
            secret(EntityKind::Username, "credential.username", 0.7)
        }
        Cue::Medical if value.fits(4, 15) => secret(EntityKind::MedicalId, "medical.number", 0.85),
        Cue::Plate if value.fits(3, 8) && near(15) => {
            secret(EntityKind::Vehicle, "vehicle.plate", 0.8)
        }
        Cue::Car if near(8) && is_mixed(value.text) && (5..=8).contains(&value.text.len()) => {
            secret(EntityKind::Vehicle, "vehicle.plate", 0.7)
        }
        Cue::Vin if value.fits(8, 17) => secret(EntityKind::Vehicle, "vehicle.vin", 0.8),
        Cue::Reference
            if value.text.len() <= 8 && near(20) && answers_reference(scan, cued, value) =>
        {
            Some(Verdict::Harmless)
        }
        _ => None,
    }
}

/// Letters and digits, two of each at least.
fn is_mixed(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 2 && text.len() - digits >= 2
}

/// Whether a value stands for an order or the like: in its turn, or in answer to the question for
/// its number. `Is it about your last order?` asks for no number.
fn answers_reference(scan: &Scan<'_>, cued: &Cued, value: &Value<'_>) -> bool {
    let turn = scan.stream.turn(cued.last);
    turn == scan.stream.turn(value.first)
        || (scan.turn_start(cued.first)..=scan.sentence_end(cued.last)).any(|at| {
            matches!(
                scan.stream.word(at),
                "number"
                    | "numbers"
                    | "no"
                    | "id"
                    | "code"
                    | "reference"
                    | "ref"
                    | "which"
                    | "what"
                    | "what's"
                    | "sku"
                    | "read"
                    | "give"
                    | "quote"
            )
        })
}

/// Turns claims on values into hits.
pub(super) fn hit(scan: &Scan<'_>, value: &Value<'_>, verdict: Verdict) -> Option<Hit> {
    match verdict {
        Verdict::Secret(kind, detector, confidence) => {
            let first = with_letter_a(scan, value.first, kind);
            scan.hit((first, value.last), kind, detector, confidence)
        }
        Verdict::Harmless => None,
    }
}

/// `my licence is a 7 0 0 …`: before the digits of an id, `a` is a letter and no article.
fn with_letter_a(scan: &Scan<'_>, first: usize, kind: EntityKind) -> usize {
    let lettered = matches!(
        kind,
        EntityKind::GovernmentId | EntityKind::MedicalId | EntityKind::Vehicle
    );
    let letter = scan
        .previous(first)
        .is_some_and(|token| token.word() == "a");
    first - usize::from(lettered && letter)
}
