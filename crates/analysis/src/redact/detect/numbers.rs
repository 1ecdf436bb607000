//! Every digit run and every code gets a verdict.
//!
//! In this order: a cue that fits; 13 digits and more, in one turn or chained over turns and
//! speakers, are a card; shapes that speak for themselves (telephone, social security number);
//! then the rule for what is left, `number.long`: seven digits and more are removed, six too
//! unless said as one value in words (`two hundred thousand`). Five and fewer stay.

use domain::EntityKind;

use super::claims::{self, Claim, Value, Verdict};
use super::{bank, card, government, phone};
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::TokenKind;
use crate::redact::tokens::runs::Run;

/// Digits from which a run is a card whatever its surroundings.
const CARD: usize = 13;
/// Digits from which an unexplained run is removed.
const LONG: usize = 6;

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    let ibans = bank::ibans(scan);
    for span in &ibans {
        hits.extend(scan.hit(*span, EntityKind::BankAccount, "bank.iban", 0.99));
    }
    let mut coded = judge_codes(scan, &ibans, hits);
    coded.extend(ibans);
    let totals = chain_totals(scan);
    let mut claims: Vec<Claim> = Vec::new();
    for run in &scan.runs {
        let inside = coded
            .iter()
            .any(|(first, last)| *first <= run.first && run.last <= *last);
        if !inside {
            let total = totals.get(run.chain).copied().unwrap_or(0);
            judge_run(scan, run, total, &mut claims, hits);
        }
    }
}

/// The codes that a cue claimed. A code that a cue calls harmless shields its digits only
/// where they are few.
fn judge_codes(
    scan: &Scan<'_>,
    ibans: &[(usize, usize)],
    hits: &mut Vec<Hit>,
) -> Vec<(usize, usize)> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut claimed = Vec::new();
    for code in &scan.codes {
        if ibans
            .iter()
            .any(|(first, last)| code.first <= *last && code.last >= *first)
        {
            continue;
        }
        let value = Value {
            first: code.first,
            last: code.last,
            text: &code.text,
            chain_digits: 0,
            chain: None,
        };
        if let Some(verdict) = claims::judge(scan, &value, &claims) {
            hits.extend(claims::hit(scan, &value, verdict));
            if verdict != Verdict::Harmless || code.digits() < LONG {
                claims.push(Claim {
                    first: code.first,
                    chain: None,
                    verdict,
                });
                claimed.push((code.first, code.last));
            }
        }
    }
    claimed
}

fn judge_run(
    scan: &Scan<'_>,
    run: &Run,
    total: usize,
    claims: &mut Vec<Claim>,
    hits: &mut Vec<Hit>,
) {
    let value = Value {
        first: run.first,
        last: run.last,
        text: &run.digits,
        chain_digits: total,
        chain: Some(run.chain),
    };
    let claimed = claims::judge(scan, &value, claims);
    let verdict = if run.len() >= CARD {
        Some(card::long(scan, run, claimed))
    } else {
        match claimed {
            Some(Verdict::Secret(..)) => claimed,
            None if run.plus && run.len() >= 10 => phone::shape(scan, run),
            _ if total >= CARD
                && claimed.is_none()
                && (run.len() > 1 || is_whole_turn(scan, run)) =>
            {
                Some(Verdict::Secret(EntityKind::Card, "card.split", 0.8))
            }
            Some(Verdict::Harmless) if run.len() < 9 => claimed,
            _ => government::shape(scan, run)
                .or_else(|| phone::shape(scan, run))
                .or_else(|| long(run)),
        }
    };
    if let Some(verdict) = verdict {
        hits.extend(claims::hit(scan, &value, verdict));
        claims.push(Claim {
            first: run.first,
            chain: Some(run.chain),
            verdict,
        });
    }
}

/// A lone digit is part of a dictated number only where nothing else is said.
fn is_whole_turn(scan: &Scan<'_>, run: &Run) -> bool {
    scan.turn_start(run.first) == run.first
        && scan
            .stream
            .get(run.last + 2)
            .is_none_or(|token| token.turn != run.turn)
}

fn long(run: &Run) -> Option<Verdict> {
    let value_in_words = run.groups == 1 && run.spelt;
    let fires = run.len() > LONG || run.len() == LONG && !value_in_words;
    fires.then_some(Verdict::Secret(EntityKind::Number, "number.long", 0.5))
}

/// Digits per chain; a card that is gone already counts as one.
fn chain_totals(scan: &Scan<'_>) -> Vec<usize> {
    let mut totals: Vec<usize> = Vec::new();
    let mut previous: Option<&Run> = None;
    for run in &scan.runs {
        while totals.len() <= run.chain {
            totals.push(0);
        }
        let resumes = previous.is_some_and(|earlier| {
            earlier.chain == run.chain && scan.holds(earlier.last, run.first, EntityKind::Card)
        }) || follows_card(scan, run.first);
        if let Some(total) = totals.get_mut(run.chain) {
            *total += run.len() + if resumes && run.len() >= 3 { CARD } else { 0 };
        }
        previous = Some(run);
    }
    totals
}

/// Digits right behind a removed card, with at most a joining word between.
fn follows_card(scan: &Scan<'_>, at: usize) -> bool {
    let turn = scan.stream.turn(at);
    (1..=2).filter_map(|back| at.checked_sub(back)).any(|i| {
        scan.stream.get(i).is_some_and(|token| {
            Some(token.turn) == turn && token.kind == TokenKind::Placeholder(EntityKind::Card)
        })
    })
}
