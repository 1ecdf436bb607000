//! What is said around a secret, and harmless talk.

mod fifth;
mod first;
mod fourth;
mod second;
mod sixth;
mod third;

use super::Wording;

/// One wording's sentences; `{}` is the secret's place.
pub(super) struct Carriers {
    pub(super) openers: &'static [&'static str],
    pub(super) closers: &'static [&'static str],
    pub(super) replies: &'static [&'static str],
    pub(super) harmless: &'static [&'static str],
    of: fn(&str) -> Pair,
}

/// Questions that a secret answers, and statements that hold one.
pub(super) type Pair = (&'static [&'static str], &'static [&'static str]);

impl Carriers {
    pub(super) fn of(&self, kind: &str) -> Pair {
        (self.of)(kind)
    }
}

pub(super) const fn carriers(wording: Wording) -> Carriers {
    match wording {
        Wording::Tuned => Carriers {
            openers: first::OPENERS,
            closers: first::CLOSERS,
            replies: first::REPLIES,
            harmless: first::HARMLESS,
            of: first::carriers,
        },
        Wording::HeldOut => Carriers {
            openers: sixth::OPENERS,
            closers: sixth::CLOSERS,
            replies: sixth::REPLIES,
            harmless: sixth::HARMLESS,
            of: sixth::carriers,
        },
        Wording::Smoothed => Carriers {
            openers: fifth::OPENERS,
            closers: fifth::CLOSERS,
            replies: fifth::REPLIES,
            harmless: fifth::HARMLESS,
            of: fifth::carriers,
        },
        Wording::Mended => Carriers {
            openers: fourth::OPENERS,
            closers: fourth::CLOSERS,
            replies: fourth::REPLIES,
            harmless: fourth::HARMLESS,
            of: fourth::carriers,
        },
        Wording::Later => Carriers {
            openers: third::OPENERS,
            closers: third::CLOSERS,
            replies: third::REPLIES,
            harmless: third::HARMLESS,
            of: third::carriers,
        },
        Wording::Repaired => Carriers {
            openers: second::OPENERS,
            closers: second::CLOSERS,
            replies: second::REPLIES,
            harmless: second::HARMLESS,
            of: second::carriers,
        },
    }
}
