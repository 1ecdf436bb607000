//! Which interactions a page is about: in the address, so that it can be kept and shared. Only
//! dates, kinds, numbers and keyed hashes can stand there, never a name or a word of anybody.

use app::{AppError, ListFilter, Reached, TagKey, TagUse, parse_time, rfc3339, team_of};
use domain::{Channel, EntityKind, Millis, Timestamp, Tone};

use super::said;
use crate::problem::Problem;
use crate::{Say, t};

const DAY_MS: i64 = 86_400_000;

/// Names that an address may carry; anything else is left out.
const KNOWN: &[&str] = &[
    "from",
    "to",
    "channel",
    "team",
    "status",
    "redacted",
    "silence",
    "overtalk",
    "gap",
    "sentiment",
    "tag",
];
/// Names that an address may carry several times; of any other the last value holds.
const MANY: &str = "tag";
/// Tags beside each other that an address may ask for.
const MOST_TAGS: usize = 8;

/// The pairs of an address.
#[derive(Debug, Clone, Default)]
pub(crate) struct Address(Vec<(String, String)>);

/// One condition in force, with the address without it.
pub(crate) struct Chip {
    pub(crate) text: String,
    pub(crate) without: String,
}

impl Address {
    /// Keeps what is known and plain.
    pub(crate) fn of(pairs: &[(String, String)]) -> Self {
        let plain = |value: &str| {
            !value.is_empty()
                && value.len() <= 40
                && value
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        let kept = pairs
            .iter()
            .filter(|(name, value)| KNOWN.contains(&name.as_str()) && plain(value));
        kept.fold(Self::default(), |address, (name, value)| {
            address.and(name, value)
        })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }

    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    fn and(&self, name: &str, value: &str) -> Self {
        let mut other = if name == MANY {
            self.clone()
        } else {
            self.without(name)
        };
        let pair = (name.to_owned(), value.to_owned());
        let again = other.0.contains(&pair);
        let full = name == MANY && other.tags().count() >= MOST_TAGS;
        if !again && !full {
            other.0.push(pair);
        }
        other
    }

    /// The tags that the address asks for beside its team.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = self.0.iter().filter(|(name, _)| name == MANY);
        tags.map(|(_, value)| value.as_str())
    }

    /// Whether the address asks for this label, be it as its team or as a tag.
    pub(crate) fn has_tag(&self, key: &str) -> bool {
        self.has("team", key) || self.tags().any(|one| one == key)
    }

    fn without_pair(&self, name: &str, value: &str) -> Self {
        let kept = self.0.iter();
        let kept = kept.filter(|(known, what)| known != name || what != value);
        Self(kept.cloned().collect())
    }

    pub(crate) fn without(&self, name: &str) -> Self {
        let kept = self.0.iter().filter(|(known, _)| known != name);
        Self(kept.cloned().collect())
    }

    /// `?from=…&channel=…`, or nothing.
    pub(crate) fn text(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        }
    }

    /// The filter that the address asks for.
    pub(crate) fn filter(&self) -> Result<ListFilter, Problem> {
        let seconds = |name: &'static str| -> Result<Option<Millis>, Problem> {
            self.get(name)
                .map(|text| {
                    text.parse::<u32>()
                        .map(|number| Millis(u64::from(number) * 1_000))
                        .map_err(|_| wrong(name, t("problem-hint-seconds")))
                })
                .transpose()
        };
        let day = |name: &'static str| -> Result<Option<Timestamp>, Problem> {
            self.get(name)
                .map(|text| parse_day(text).map_err(|_| wrong(name, t("problem-hint-day"))))
                .transpose()
        };
        Ok(ListFilter {
            channel: self.kind::<Channel>("channel", t("problem-hint-channel"))?,
            redacted: self.kind::<EntityKind>("redacted", t("problem-hint-kind"))?,
            reached: self
                .get("status")
                .map(|text| reached(text).ok_or_else(|| wrong("status", t("problem-hint-status"))))
                .transpose()?,
            silence: seconds("silence")?,
            overtalk: seconds("overtalk")?,
            gap: seconds("gap")?,
            sentiment: self.get("sentiment").map(tone).transpose()?,
            tags: self
                .get("team")
                .into_iter()
                .chain(self.tags())
                .filter_map(TagKey::from_hex)
                .collect(),
            from: day("from")?,
            until: day("to")?.map(|at| Timestamp(at.0 + DAY_MS)),
            ..ListFilter::default()
        })
    }

    fn kind<T: std::str::FromStr>(
        &self,
        name: &'static str,
        hint: Say,
    ) -> Result<Option<T>, Problem> {
        self.get(name)
            .map(|text| text.parse().map_err(|_| wrong(name, hint)))
            .transpose()
    }

    /// Everything but what has some names.
    pub(crate) fn pairs_but(&self, names: &[&str]) -> Vec<(String, String)> {
        let kept = self.0.iter();
        kept.filter(|(name, _)| !names.contains(&name.as_str()))
            .cloned()
            .collect()
    }

    /// What is in force but for some names, in words, each with the address that lifts it.
    pub(crate) fn chips(&self, path: &str, labels: &[TagUse], but: &[&str]) -> Vec<Chip> {
        let chip = |(name, value): (String, String)| Chip {
            text: in_words(&name, &value, labels),
            without: format!("{path}{}", self.without_pair(&name, &value).text()),
        };
        self.pairs_but(but).into_iter().map(chip).collect()
    }
}

fn in_words(name: &str, value: &str, labels: &[TagUse]) -> String {
    let known = || labels.iter().find(|label| label.key.to_hex() == value);
    let gone = || t("filters-a-tag-that-is-gone").to_string();
    match name {
        "from" => t("filters-from").a("value", value).to_string(),
        "to" => t("filters-to").a("value", value).to_string(),
        "channel" => value
            .parse()
            .map_or_else(|_| value.to_owned(), |one| said::channel(one).to_string()),
        "status" => match value {
            "open" => t("filters-still-in-work").to_string(),
            other => said::status(other),
        },
        "redacted" => t("filters-removed").a("value", value).to_string(),
        "silence" => t("filters-silence").a("value", value).to_string(),
        "overtalk" => t("filters-overtalk").a("value", value).to_string(),
        "gap" => t("filters-gap").a("value", value).to_string(),
        "sentiment" => t("filters-sentiment").a("value", value).to_string(),
        "team" => {
            let name = known().and_then(|label| team_of(label.label.expose()));
            name.map_or_else(gone, |name| t("filters-team").a("team", name).to_string())
        }
        _ => known().map_or_else(gone, |label| {
            t("filters-tag").a("tag", label.label.expose()).to_string()
        }),
    }
}

fn reached(text: &str) -> Option<Reached> {
    Some(match text {
        "open" => Reached::Open,
        "ready" => Reached::Ready,
        "failed" => Reached::Failed,
        "stopped" => Reached::Stopped,
        _ => return None,
    })
}

fn wrong(name: &str, hint: Say) -> Problem {
    Problem::input(
        t("problem-in-the-address-is")
            .a("name", name)
            .a("hint", hint),
    )
}

/// The first instant of a day, UTC.
pub(crate) fn parse_day(text: &str) -> Result<Timestamp, AppError> {
    parse_time(&format!("{text}T00:00:00Z"))
}

/// A day since 1970-01-01 as in `2026-10-05`.
pub(crate) fn day_text(day: i64) -> String {
    rfc3339(Timestamp(day.saturating_mul(DAY_MS)))
        .chars()
        .take(10)
        .collect()
}

/// The day of an instant, since 1970-01-01, UTC.
/// From -1 to 1.
fn tone(text: &str) -> Result<Tone, Problem> {
    let value: Option<f64> = text.parse().ok();
    let value = value.filter(|value| (-1.0..=1.0).contains(value));
    value
        .map(Tone::of)
        .ok_or_else(|| wrong("sentiment", t("problem-hint-sentiment")))
}

pub(crate) const fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(pairs: &[(&str, &str)]) -> Address {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Address::of(&pairs)
    }

    #[test]
    fn an_address_keeps_only_what_is_known_and_plain() {
        let kept = address(&[
            ("channel", "chat"),
            ("name", "Ada"),
            ("tag", "\"><script>"),
            ("to", "2026-10-05"),
        ]);
        assert_eq!(kept.text(), "?channel=chat&to=2026-10-05");
        assert_eq!(kept.without("channel").text(), "?to=2026-10-05");
        let filter = kept.filter().unwrap();
        assert_eq!(filter.channel, Some(Channel::Chat));
        assert_eq!(
            filter.until.map(day_of).map(day_text).as_deref(),
            Some("2026-10-06")
        );
        let both = address(&[("tag", "0a"), ("team", "0b"), ("gap", "10")]);
        let keys = |address: &Address| address.filter().unwrap().tags;
        let of = |keys: &[&str]| -> Vec<TagKey> {
            keys.iter()
                .filter_map(|key| TagKey::from_hex(key))
                .collect()
        };
        assert_eq!(keys(&both), of(&["0b", "0a"]));
        let three = address(&[("tag", "0a"), ("tag", "0c"), ("tag", "0a"), ("team", "0b")]);
        assert_eq!(three.text(), "?tag=0a&tag=0c&team=0b");
        assert_eq!(keys(&three), of(&["0b", "0a", "0c"]));
        assert_eq!(three.without_pair("tag", "0a").text(), "?tag=0c&team=0b");
        assert_eq!(three.with("team", "0d").text(), "?tag=0a&tag=0c&team=0d");
        let bad = address(&[("sentiment", "-0.05")]);
        assert_eq!(bad.filter().unwrap().sentiment, Some(Tone::NEGATIVE));
        let many: Vec<String> = (10..30).map(|key| key.to_string()).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|key| ("tag", key.as_str())).collect();
        assert_eq!(keys(&address(&many)).len(), MOST_TAGS);
        for (name, value) in [
            ("channel", "pigeon"),
            ("from", "soon"),
            ("gap", "x"),
            ("sentiment", "bad"),
            ("sentiment", "-2"),
            ("status", "x"),
        ] {
            assert!(address(&[(name, value)]).filter().is_err(), "{name}");
        }
    }
}
