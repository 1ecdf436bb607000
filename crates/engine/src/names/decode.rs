//! From the model's scores to stretches of text: tokens are put together to words, words of one
//! thing to one hit. Pure.

use domain::Confidence;

use super::NameHit;
use super::label::NameLabel;
use super::plan::Piece;

/// Kinds of things that the model knows.
const KINDS: usize = 17;
/// Classes of the model: nothing, then each kind's beginning and inside.
pub(super) const LABELS: usize = 1 + 2 * KINDS;
/// A word is part of a hit when it is at least as likely personal as not.
const LIKELY: f32 = 0.5;
/// A less likely word is reported by itself from here on, for those who know it better.
const POSSIBLE: f32 = 0.25;

/// Probabilities of one token.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Scores {
    /// Of beginning a thing of each kind.
    begins: [f32; KINDS],
    /// Of being inside one.
    inside: [f32; KINDS],
}

impl Scores {
    pub(super) fn from_logits(logits: &[f32; LABELS]) -> Self {
        let most = logits.iter().copied().fold(f32::MIN, f32::max);
        let exp = logits.map(|logit| (logit - most).exp());
        let total: f32 = exp.iter().sum();
        let mut scores = Self::default();
        let (pairs, _) = exp.get(1..).unwrap_or_default().as_chunks::<2>();
        let places = scores.begins.iter_mut().zip(&mut scores.inside);
        for ((begins, inside), [b, i]) in places.zip(pairs) {
            *begins = b / total;
            *inside = i / total;
        }
        scores
    }

    fn add(&mut self, other: &Self) {
        for (sum, value) in self.begins.iter_mut().zip(&other.begins) {
            *sum += value;
        }
        for (sum, value) in self.inside.iter_mut().zip(&other.inside) {
            *sum += value;
        }
    }

    pub(super) fn personal(&self) -> f32 {
        self.begins.iter().chain(&self.inside).sum()
    }

    /// The likeliest kind, and whether it goes on rather than begins.
    fn kind(&self) -> Option<(NameLabel, bool)> {
        let kinds = self.begins.iter().zip(&self.inside).zip(NameLabel::ALL);
        let best = kinds.max_by(|((b, i), _), ((c, j), _)| (*b + *i).total_cmp(&(*c + *j)));
        best.map(|((begins, inside), label)| (*label, inside > begins))
    }
}

/// A word and the mean of its tokens.
struct Word {
    id: u32,
    start: usize,
    end: usize,
    sum: Scores,
    tokens: f32,
}

/// The hits of one text.
pub(super) fn hits(pieces: &[Piece], scores: &[Scores]) -> Vec<NameHit> {
    let mut open: Option<(NameHit, f32)> = None;
    let mut hits = Vec::new();
    for word in words(pieces, scores) {
        let personal = word.sum.personal() / word.tokens;
        let Some((label, goes_on)) = word.sum.kind().filter(|_| personal >= LIKELY) else {
            hits.extend(open.take().map(|(hit, _)| hit));
            let possible = word.sum.kind().filter(|_| personal >= POSSIBLE);
            hits.extend(possible.map(|(label, _)| NameHit {
                start: word.start,
                end: word.end,
                label,
                confidence: Confidence::new(personal),
            }));
            continue;
        };
        match &mut open {
            Some((hit, count)) if hit.label == label && (goes_on || hit.end == word.start) => {
                let mean = (hit.confidence.get() * *count + personal) / (*count + 1.0);
                hit.confidence = Confidence::new(mean);
                hit.end = word.end;
                *count += 1.0;
            }
            _ => {
                let hit = NameHit {
                    start: word.start,
                    end: word.end,
                    label,
                    confidence: Confidence::new(personal),
                };
                hits.extend(open.replace((hit, 1.0)).map(|(hit, _)| hit));
            }
        }
    }
    hits.extend(open.map(|(hit, _)| hit));
    hits
}

fn words(pieces: &[Piece], scores: &[Scores]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (piece, score) in pieces.iter().zip(scores) {
        match words.last_mut() {
            Some(word) if word.id == piece.word => {
                word.end = piece.end;
                word.sum.add(score);
                word.tokens += 1.0;
            }
            _ => words.push(Word {
                id: piece.word,
                start: piece.start,
                end: piece.end,
                sum: *score,
                tokens: 1.0,
            }),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores that put a share on one class.
    fn score(label: Option<NameLabel>, inside: bool, share: f32) -> Scores {
        let mut scores = Scores::default();
        if let Some(label) = label {
            let place = NameLabel::ALL.iter().position(|l| *l == label).unwrap();
            let side = if inside {
                &mut scores.inside
            } else {
                &mut scores.begins
            };
            side[place] = share;
        }
        scores
    }

    fn piece(word: u32, start: usize, end: usize) -> Piece {
        Piece {
            id: 0,
            start,
            end,
            word,
        }
    }

    fn found(tokens: &[(Piece, Scores)]) -> Vec<(usize, usize, NameLabel)> {
        let (pieces, scores): (Vec<Piece>, Vec<Scores>) = tokens.iter().copied().unzip();
        let hits = hits(&pieces, &scores);
        hits.iter()
            .map(|hit| (hit.start, hit.end, hit.label))
            .collect()
    }

    #[test]
    fn there_are_as_many_kinds_as_classes() {
        assert_eq!(NameLabel::ALL.len(), KINDS);
        let mut logits = [0.0; LABELS];
        logits[3] = 9.0;
        let scores = Scores::from_logits(&logits);
        assert_eq!(scores.kind(), Some((NameLabel::Surname, false)));
        assert!(scores.personal() > 0.99);
    }

    #[test]
    fn parts_of_a_word_and_words_of_a_name_are_one_hit() {
        let name = Some(NameLabel::Surname);
        // "okonkwo smith" as three tokens of two words, the second inside.
        let tokens = [
            (piece(0, 0, 2), score(name, false, 0.9)),
            (piece(0, 2, 7), score(name, false, 0.8)),
            (piece(1, 8, 13), score(name, true, 0.9)),
        ];
        assert_eq!(found(&tokens), [(0, 13, NameLabel::Surname)]);
    }

    #[test]
    fn a_name_with_an_apostrophe_is_one_hit_and_two_names_are_two() {
        let name = Some(NameLabel::Surname);
        let tokens = [
            (piece(0, 0, 1), score(name, false, 0.9)),
            (piece(1, 1, 2), score(name, false, 0.9)),
            (piece(2, 2, 7), score(name, false, 0.9)),
            (piece(3, 8, 13), score(name, false, 0.9)),
        ];
        assert_eq!(
            found(&tokens),
            [(0, 7, NameLabel::Surname), (8, 13, NameLabel::Surname)]
        );
    }

    #[test]
    fn a_word_is_personal_by_all_kinds_together() {
        let mut torn = score(Some(NameLabel::City), false, 0.3);
        torn.add(&score(Some(NameLabel::Surname), false, 0.25));
        assert_eq!(found(&[(piece(0, 0, 4), torn)]), [(0, 4, NameLabel::City)]);
        let little = score(Some(NameLabel::City), false, 0.2);
        assert_eq!(found(&[(piece(0, 0, 4), little)]), []);
        // Between the two a word stands alone, even beside another.
        let likely = score(Some(NameLabel::City), false, 0.9);
        let possible = score(Some(NameLabel::City), true, 0.4);
        assert_eq!(
            found(&[(piece(0, 0, 4), likely), (piece(1, 5, 9), possible)]),
            [(0, 4, NameLabel::City), (5, 9, NameLabel::City)]
        );
    }
}
