//! Every row of `docs/search/table.md` is true.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken table must stop the test"
)]

use analysis::search::{Resolved, evaluate, follow, index_text, parse, terms};
use domain::query::{Evidence, FieldValue, Fields, Query, TokenId};
use domain::{
    Confidence, LanguageTag, Millis, PartyIndex, RedactedTranscript, RedactedWord, Secret, Span,
    Speaker, SpeakerBasis, SpeakerLabel, Timestamp, Token, Turn, WordIndex,
};
use std::hash::{DefaultHasher, Hash, Hasher};

const TABLE: &str = include_str!("../../../docs/search/table.md");
const SPEAKERS: [SpeakerLabel; 5] = [
    SpeakerLabel::Agent,
    SpeakerLabel::Consumer,
    SpeakerLabel::Ivr,
    SpeakerLabel::Bot,
    SpeakerLabel::Other(3),
];

#[derive(Default)]
struct Written {
    words: Vec<RedactedWord>,
    turns: Vec<Turn>,
    duration: Millis,
    fields: Fields,
    categories: Vec<(String, Query)>,
}

fn token(word: &str) -> TokenId {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    TokenId(hasher.finish())
}

fn seconds(text: &str) -> Millis {
    Millis::from_secs_f64(text.parse().expect(text))
}

impl Written {
    fn line(&mut self, line: &str) {
        let (head, rest) = line.split_once(' ').expect(line);
        match head {
            "length" => self.duration = seconds(rest),
            "field" => self.field(rest),
            "category" => {
                let (name, query) = rest.split_once(" = ").expect(line);
                self.categories
                    .push((name.to_owned(), parse(query).expect(line)));
            }
            start => {
                let (who, words) = rest.split_once(": ").expect(line);
                let (who, together) = who
                    .strip_suffix(" writes")
                    .map_or((who, false), |who| (who, true));
                self.say(who.parse().expect(line), seconds(start), together, words);
            }
        }
    }

    fn field(&mut self, text: &str) {
        let (name, value) = text.split_once(" = ").expect(text);
        let value = match (value.parse::<f64>(), value.strip_prefix("moment ")) {
            (Ok(number), _) => FieldValue::Number(number),
            (_, Some(millis)) => FieldValue::Instant(Timestamp(millis.parse().expect(text))),
            _ => FieldValue::Text(value.to_owned()),
        };
        self.fields.insert(name, value);
    }

    /// Spoken words begin half a second apart and last 0.4 s; written ones share their time.
    fn say(&mut self, who: SpeakerLabel, start: Millis, together: bool, words: &str) {
        let speaker = SPEAKERS
            .iter()
            .position(|known| *known == who)
            .expect("a known speaker");
        let speaker = u8::try_from(speaker).expect("few speakers");
        let first = WordIndex(u32::try_from(self.words.len()).expect("few words"));
        for (at, word) in (0..).zip(words.split(' ')) {
            let (step, long) = if together { (0, 0) } else { (500, 400) };
            let from = Millis(start.0 + at * step);
            let tag = word
                .strip_prefix('[')
                .and_then(|word| word.strip_suffix(']'));
            self.words.push(RedactedWord {
                token: match tag {
                    Some(tag) => Token::Redacted(tag.parse().expect(tag)),
                    None => Token::Word(Secret::from(word)),
                },
                speaker,
                span: Span::between(from, Millis(from.0 + long)),
                confidence: Confidence::CERTAIN,
                closing: None,
            });
        }
        let last = WordIndex(u32::try_from(self.words.len() - 1).expect("few words"));
        let span = Span::between(start, start);
        self.turns.push(Turn {
            speaker,
            first,
            last,
            span,
            quoted: false,
        });
    }

    /// In the transcript's order, with the turns found again.
    fn transcript(&self) -> RedactedTranscript {
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (turn, cut) in self.turns.iter().enumerate() {
            let places =
                usize::try_from(cut.first.0).unwrap()..=usize::try_from(cut.last.0).unwrap();
            order.extend(places.map(|at| (at, turn)));
        }
        order.sort_by_key(|(at, _)| (self.words[*at].span.start(), self.words[*at].speaker));
        let mut turns = self.turns.clone();
        for (number, turn) in turns.iter_mut().enumerate() {
            let places = order
                .iter()
                .enumerate()
                .filter(|(_, (_, of))| *of == number);
            let places: Vec<u32> = places.map(|(at, _)| u32::try_from(at).unwrap()).collect();
            (turn.first, turn.last) = (WordIndex(places[0]), WordIndex(places[places.len() - 1]));
        }
        let words = order
            .iter()
            .map(|(at, _)| self.words[*at].clone())
            .collect();
        let speakers = (0..)
            .zip(SPEAKERS)
            .map(|(party, label)| Speaker {
                label,
                party: PartyIndex(party),
                basis: SpeakerBasis::Channel,
                role_confidence: Confidence::CERTAIN,
            })
            .collect();
        #[expect(clippy::disallowed_methods, reason = "the table's words hide nobody")]
        RedactedTranscript::assume_redacted(
            speakers,
            words,
            turns,
            Vec::new(),
            LanguageTag::english(),
            "table".to_owned(),
            self.duration,
        )
    }

    fn answer(&self, query: &str) -> String {
        let lookup = |name: &str| {
            let found = self.categories.iter().find(|(known, _)| known == name);
            found.map(|(_, query)| query.clone())
        };
        let query = match parse(query).and_then(|query| follow(&query, &lookup)) {
            Ok(query) => query,
            Err(error) => {
                let nearest = error
                    .nearest
                    .map(|form| format!("; try `{form}`"))
                    .unwrap_or_default();
                return format!(
                    "refused, column {}: expected {}{nearest}",
                    error.column, error.expected
                );
            }
        };
        let transcript = self.transcript();
        let text = index_text(&transcript);
        let mut resolved = Resolved::default();
        let terms = terms(&query);
        terms
            .words()
            .for_each(|word| resolved.word(word, token(word)));
        for pattern in terms.patterns() {
            let words = text
                .words()
                .iter()
                .filter(|word| pattern.matches(&word.text));
            let tokens: Vec<TokenId> = words.map(|word| token(&word.text)).collect();
            resolved.pattern(pattern, tokens);
        }
        let stream = text.stream(self.fields.clone(), token);
        match evaluate(&query, &resolved, &stream, &stream.fields) {
            None => "no".to_owned(),
            Some(evidence) if evidence.is_empty() => "yes".to_owned(),
            Some(evidence) => {
                let told: Vec<String> = evidence
                    .iter()
                    .map(|found| told(&transcript, found))
                    .collect();
                told.join("; ")
            }
        }
    }
}

fn told(transcript: &RedactedTranscript, found: &Evidence) -> String {
    let parts: Vec<String> = found
        .parts
        .iter()
        .map(|part| {
            let words: Vec<String> = transcript
                .words()
                .iter()
                .enumerate()
                .filter(|(at, word)| {
                    let at = u32::try_from(*at).unwrap();
                    let label = transcript.speaker(word.speaker).unwrap().label;
                    (part.first.0..=part.last.0).contains(&at) && label == part.speaker
                })
                .map(|(_, word)| match &word.token {
                    Token::Word(text) => text.expose().to_owned(),
                    Token::Redacted(kind) => kind.to_string(),
                })
                .collect();
            format!("{} \"{}\"", part.speaker, words.join(" "))
        })
        .collect();
    let at = |time: Millis| format!("{:.1}", time.as_secs_f64());
    format!(
        "{} {}–{}",
        parts.join(" + "),
        at(found.span.start()),
        at(found.span.end())
    )
}

/// `| query | answer |`, a `\|` inside standing for itself.
fn row(line: &str) -> Option<(String, String)> {
    let line = line.strip_prefix("| `")?.strip_suffix(" |")?;
    let (query, answer) = line.split_once("` | ")?;
    Some((query.replace("\\|", "|"), answer.replace("\\|", "|")))
}

#[test]
fn every_row_is_true() {
    let mut written = Written::default();
    let mut inside = false;
    let mut rows = 0;
    let mut wrong = String::new();
    for line in TABLE.lines() {
        if line == "```transcript" {
            written = Written::default();
            inside = true;
        } else if line == "```" {
            inside = false;
        } else if inside {
            written.line(line);
        } else if let Some((query, answer)) = row(line) {
            rows += 1;
            let given = written.answer(&query);
            if given != answer {
                let escaped = |text: &str| text.replace('|', "\\|");
                wrong += &format!("| `{}` | {} |\n", escaped(&query), escaped(&given));
            }
        }
    }
    assert!(wrong.is_empty(), "these rows should read:\n{wrong}");
    assert!(rows >= 150, "{rows} rows");
}
