//! Names topics by the words and pairs of words that are much more frequent in their turns than
//! in the others: log-odds with an informative Dirichlet prior, in units of their own uncertainty
//! (Monroe, Colaresi and Quinn, Fightin' Words, Political Analysis 16, 2008).

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{TopicTurns, real};

/// Phrases in a name.
const PHRASES: usize = 3;
/// How far a phrase must set its topic apart, in standard deviations.
const TELLING: f64 = 1.0;
/// Phrases weighed for a topic.
const WEIGHED: usize = 40;

/// Words that carry a sentence and no subject; a phrase neither begins nor ends with one.
const PLAIN: &str = "a about actually after again all already also am an and any are as ask at be \
    because been before being but by call called can cannot can't come could couldn't did didn't \
    do does doesn't doing don't down even every for from get getting go going gonna good got had \
    has have haven't having he hello help her here hi him his how i i'd i'll i'm i've if in into is \
    isn't it it's its just kind know let let's like look lot make many maybe me mean more much my \
    need never no not now of off oh ok okay on one only or other our out over please put quite \
    really right said same say see she should so some something sorry still such sure take tell \
    than thank thanks that that's the their them then there there's they they're thing things \
    think this those though time to today told too try trying two um up us very wanna want wanted \
    was wasn't we we'd we'll we're we've well were what what's when where which who why will with \
    won't would wouldn't yeah yes yet you you'd you'll you're you've your uh er hmm mhm gonna bit \
    able calling speak speaking am back";

/// A word, or two that follow each other.
type Phrase = (u32, Option<u32>);

/// The phrases of each topic, the most telling first.
pub(super) fn names(
    turns: &TopicTurns,
    of: &[Option<usize>],
    topics: usize,
    fewest: usize,
) -> Vec<Vec<String>> {
    let plain: HashSet<&str> = PLAIN.split_whitespace().collect();
    let plain: Vec<bool> = turns
        .dictionary
        .iter()
        .map(|word| word.chars().count() < 2 || plain.contains(word.as_str()))
        .collect();
    let mut all: HashMap<Phrase, usize> = HashMap::new();
    let mut own: Vec<HashMap<Phrase, usize>> = vec![HashMap::new(); topics];
    for (topic, words) in of.iter().zip(&turns.words) {
        for phrase in phrases(words, &plain) {
            *all.entry(phrase).or_default() += 1;
            if let Some(counts) = topic.and_then(|topic| own.get_mut(topic)) {
                *counts.entry(phrase).or_default() += 1;
            }
        }
    }
    let total: usize = all.values().sum();
    own.iter()
        .enumerate()
        .map(|(topic, counts)| {
            let mut weighed = weighed(counts, &all, total);
            weighed.truncate(WEIGHED);
            let wide = wide(turns, of, topic, &weighed, &plain, fewest);
            chosen(&weighed, &wide)
                .into_iter()
                .map(|phrase| text(turns, phrase))
                .collect()
        })
        .collect()
}

/// The words and pairs of a turn that may be part of a name.
fn phrases(words: &[u32], plain: &[bool]) -> Vec<Phrase> {
    let telling = |word: &u32| {
        let place = usize::try_from(*word).unwrap_or(usize::MAX);
        !plain.get(place).copied().unwrap_or(true)
    };
    let mut found: Vec<Phrase> = words
        .iter()
        .filter(|word| telling(word))
        .map(|word| (*word, None))
        .collect();
    found.extend(words.windows(2).filter_map(|pair| match pair {
        [first, second] if telling(first) && telling(second) && first != second => {
            Some((*first, Some(*second)))
        }
        _ => None,
    }));
    found
}

/// Phrases by how far they set a topic apart. The prior is the counts of everything.
fn weighed(
    counts: &HashMap<Phrase, usize>,
    all: &HashMap<Phrase, usize>,
    total: usize,
) -> Vec<(Phrase, f64)> {
    let number = |count: usize| f64::from(real(count));
    let inside: usize = counts.values().sum();
    let (inside, outside) = (number(inside), number(total.saturating_sub(inside)));
    let whole = number(total);
    let mut weighed: Vec<(Phrase, f64)> = counts
        .iter()
        .filter_map(|(phrase, count)| {
            let everywhere = number(*all.get(phrase)?);
            let here = number(*count) + everywhere;
            let there = everywhere - number(*count) + everywhere;
            let odds = |own: f64, of: f64| (own / (of + whole - own).max(1.0)).ln();
            let apart = odds(here, inside) - odds(there, outside);
            let certain = (1.0 / here + 1.0 / there).sqrt();
            Some((*phrase, apart / certain))
        })
        .filter(|(_, telling)| *telling >= TELLING)
        .collect();
    // Of equals the pair first: it says more.
    weighed.sort_by(|a, b| {
        let pair = |one: &Phrase| one.1.is_some();
        b.1.total_cmp(&a.1)
            .then(pair(&b.0).cmp(&pair(&a.0)))
            .then(a.0.cmp(&b.0))
    });
    weighed
}

/// Of some phrases those that enough interactions have, so that no name is one person's.
fn wide(
    turns: &TopicTurns,
    of: &[Option<usize>],
    topic: usize,
    weighed: &[(Phrase, f64)],
    plain: &[bool],
    fewest: usize,
) -> HashSet<Phrase> {
    let mut seen: HashMap<Phrase, BTreeSet<usize>> = weighed
        .iter()
        .map(|(phrase, _)| (*phrase, BTreeSet::new()))
        .collect();
    let own = of.iter().zip(&turns.words).zip(&turns.places);
    for ((_, words), place) in own.filter(|((found, _), _)| **found == Some(topic)) {
        for phrase in phrases(words, plain) {
            if let Some(seen) = seen.get_mut(&phrase) {
                seen.insert(place.interaction);
            }
        }
    }
    seen.into_iter()
        .filter(|(_, seen)| seen.len() >= fewest)
        .map(|(phrase, _)| phrase)
        .collect()
}

/// The most telling phrases that do not repeat each other: a pair stands for its words where it
/// tells at least half as much.
fn chosen(weighed: &[(Phrase, f64)], wide: &HashSet<Phrase>) -> Vec<Phrase> {
    let mut chosen: Vec<Phrase> = Vec::new();
    let shares = |a: Phrase, b: Phrase| {
        let words = |phrase: Phrase| [Some(phrase.0), phrase.1];
        words(a)
            .iter()
            .flatten()
            .any(|word| words(b).contains(&Some(*word)))
    };
    let usable: Vec<(Phrase, f64)> = weighed
        .iter()
        .filter(|(phrase, _)| wide.contains(phrase))
        .copied()
        .collect();
    for (phrase, telling) in &usable {
        let better = usable.iter().find(|(pair, own)| {
            phrase.1.is_none()
                && pair.1.is_some()
                && shares(*pair, *phrase)
                && *own >= telling / 2.0
        });
        let phrase = better.map_or(*phrase, |(pair, _)| *pair);
        if chosen.iter().any(|other| shares(*other, phrase)) {
            continue;
        }
        chosen.push(phrase);
        if chosen.len() == PHRASES {
            break;
        }
    }
    chosen
}

fn text(turns: &TopicTurns, phrase: Phrase) -> String {
    let word = |number: u32| {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        turns.dictionary.get(place).map_or("", String::as_str)
    };
    match phrase.1 {
        Some(second) => format!("{} {}", word(phrase.0), word(second)),
        None => word(phrase.0).to_owned(),
    }
}
