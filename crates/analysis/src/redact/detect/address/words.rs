//! Words that addresses are made of.

use crate::redact::scan::Scan;
use crate::redact::tokens::Token;

/// Words that end a street's name.
pub(super) fn is_suffix(word: &str) -> bool {
    is_strong(word)
        || matches!(
            word,
            "way"
                | "place"
                | "pl"
                | "court"
                | "ct"
                | "drive"
                | "dr"
                | "close"
                | "park"
                | "square"
                | "sq"
                | "row"
                | "walk"
                | "hill"
                | "loop"
                | "circle"
                | "cir"
                | "trail"
                | "trl"
                | "run"
                | "view"
                | "point"
                | "gardens"
                | "grove"
                | "green"
                | "mews"
                | "plaza"
                | "crossing"
                | "bend"
                | "ridge"
                | "heights"
                | "path"
                | "pass"
                | "st"
                | "rd"
                | "ln"
                | "terrace"
                | "ter"
                | "crescent"
                | "pike"
                | "route"
                | "estate"
                | "quay"
                | "wharf"
        )
}

/// Suffixes that make a street of any name.
pub(super) fn is_strong(word: &str) -> bool {
    matches!(
        word,
        "street"
            | "avenue"
            | "ave"
            | "road"
            | "lane"
            | "boulevard"
            | "blvd"
            | "parkway"
            | "pkwy"
            | "highway"
            | "hwy"
            | "alley"
            | "turnpike"
            | "expressway"
    )
}

/// Words that stand before a street's name and are no part of it.
pub(super) fn stops_street(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "a"
            | "an"
            | "my"
            | "your"
            | "his"
            | "her"
            | "our"
            | "their"
            | "on"
            | "in"
            | "at"
            | "to"
            | "of"
            | "is"
            | "it's"
            | "it"
            | "and"
            | "or"
            | "for"
            | "from"
            | "by"
            | "off"
            | "down"
            | "up"
            | "across"
            | "with"
            | "i"
            | "we"
            | "you"
            | "they"
            | "he"
            | "she"
            | "this"
            | "that"
            | "these"
            | "those"
            | "was"
            | "are"
            | "be"
            | "no"
            | "yes"
            | "any"
            | "some"
            | "what"
            | "which"
            | "same"
            | "right"
            | "wrong"
            | "live"
            | "lives"
            | "address"
            | "near"
            | "under"
            | "only"
            | "one"
            | "other"
            | "better"
            | "best"
            | "easy"
            | "easiest"
            | "quick"
            | "fast"
            | "next"
            | "every"
            | "each"
            | "either"
            | "there"
            | "not"
            | "by the"
            | "hours"
            | "days"
            | "minutes"
            | "months"
            | "weeks"
            | "years"
            | "miles"
            | "dollars"
            | "percent"
            | "am"
            | "pm"
            | "number"
            | "times"
            | "going"
            | "go"
            | "can"
            | "will"
            | "would"
            | "be in"
            | "all"
    )
}

pub(super) fn is_direction(word: &str) -> bool {
    matches!(
        word,
        "north"
            | "south"
            | "east"
            | "west"
            | "northeast"
            | "northwest"
            | "southeast"
            | "southwest"
            | "n"
            | "s"
            | "e"
            | "w"
            | "ne"
            | "nw"
            | "se"
            | "sw"
    )
}

pub(super) fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "apartment"
            | "apt"
            | "unit"
            | "suite"
            | "ste"
            | "floor"
            | "flat"
            | "room"
            | "rm"
            | "building"
            | "bldg"
            | "lot"
            | "penthouse"
            | "block"
            | "tower"
            | "house"
            | "trailer"
            | "space"
    )
}

/// First words of towns that are everyday words.
pub(super) fn continues_town(word: &str) -> bool {
    matches!(
        word,
        "new"
            | "san"
            | "los"
            | "las"
            | "saint"
            | "st"
            | "fort"
            | "el"
            | "santa"
            | "north"
            | "south"
            | "east"
            | "west"
            | "port"
            | "lake"
            | "mount"
            | "little"
            | "long"
            | "salt"
            | "grand"
            | "la"
            | "city"
            | "high"
            | "old"
            | "great"
            | "upper"
            | "lower"
            | "palm"
            | "big"
            | "green"
            | "park"
            | "beach"
            | "falls"
            | "springs"
            | "town"
            | "point"
            | "bath"
            | "reading"
            | "orange"
            | "home"
    )
}

const STATES: &[&str] = &[
    "alabama",
    "alaska",
    "arizona",
    "arkansas",
    "california",
    "colorado",
    "connecticut",
    "delaware",
    "florida",
    "georgia",
    "hawaii",
    "idaho",
    "illinois",
    "indiana",
    "iowa",
    "kansas",
    "kentucky",
    "louisiana",
    "maine",
    "maryland",
    "massachusetts",
    "michigan",
    "minnesota",
    "mississippi",
    "missouri",
    "montana",
    "nebraska",
    "nevada",
    "new hampshire",
    "new jersey",
    "new mexico",
    "new york",
    "north carolina",
    "north dakota",
    "ohio",
    "oklahoma",
    "oregon",
    "pennsylvania",
    "rhode island",
    "south carolina",
    "south dakota",
    "tennessee",
    "texas",
    "utah",
    "vermont",
    "virginia",
    "washington",
    "west virginia",
    "wisconsin",
    "wyoming",
    "england",
    "scotland",
    "wales",
    "northern ireland",
    "united kingdom",
    "united states",
    "usa",
    "ireland",
    "canada",
    "ontario",
    "germany",
    "france",
    "spain",
    "italy",
    "netherlands",
];

const SHORT: &str = "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt \
                     ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc uk us";

/// Whether a token is a state's two capitals.
pub(super) fn is_state(token: &Token) -> bool {
    token.upper
        && token.word().len() == 2
        && SHORT.split_whitespace().any(|one| one == token.word())
}

/// Whether a token is a state's two letters in any case: one only with a postcode behind it.
pub(super) fn is_lower_state(token: &Token) -> bool {
    token.word().len() == 2 && SHORT.split_whitespace().any(|one| one == token.word())
}

/// Tokens of the state, nation or country that begins at a token.
pub(super) fn state_length(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let token = scan.stream.get(at)?;
    if is_state(token) {
        return Some(1);
    }
    let word = token.word();
    if word.is_empty() {
        return None;
    }
    let next = scan.stream.word(at + 1);
    let two = |state: &&str| {
        state
            .strip_prefix(word)
            .and_then(|rest| rest.strip_prefix(' '))
            == Some(next)
    };
    if STATES.iter().any(two) {
        return Some(2);
    }
    STATES.contains(&word).then_some(1)
}
