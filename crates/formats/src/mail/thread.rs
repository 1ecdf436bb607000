//! Messages of one thread to one interaction.

use domain::{
    Channel, Content, Dialog, DialogKind, Interaction, Party, PartyIndex, Role, SourceKey,
};
use sha2::{Digest, Sha256};

use crate::incoming::{bare, direction};
use crate::{FormatError, Hints, Incoming};

use super::letter::Letter;

/// Messages that answer each other.
#[derive(Default)]
pub(super) struct Thread {
    letters: Vec<Letter>,
}

impl Thread {
    /// Adds a message unless it is here already.
    pub(super) fn add(&mut self, letter: Letter) {
        let known = letter.id.is_some() && self.letters.iter().any(|known| known.id == letter.id);
        if !known {
            self.letters.push(letter);
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        for letter in other.letters {
            self.add(letter);
        }
    }

    pub(super) fn size(&self) -> usize {
        self.letters.iter().map(Letter::size).sum()
    }

    /// The interaction, its parties in order of appearance.
    pub(super) fn finish(mut self, hints: &Hints) -> Result<Incoming, FormatError> {
        self.letters.sort_by_key(|letter| letter.date);
        let Some(first) = self.letters.first() else {
            return Err(FormatError::Nothing { format: "mail" });
        };
        let mut interaction = bare(Channel::Email, first.date.unwrap_or(hints.received));
        interaction.source = Some(self.source(first));
        interaction.subject.clone_from(&first.subject);
        let mut warnings = self.warnings();
        let mut last = interaction.started;
        for letter in self.letters {
            let start = letter.date.unwrap_or(last).max(last);
            last = start;
            let dialog = dialog(&mut interaction, letter, start, hints);
            interaction.dialogs.push(dialog);
        }
        if interaction
            .dialogs
            .iter()
            .any(|dialog| dialog.originator.is_none())
        {
            warnings.push("a message does not say who sent it".to_owned());
        }
        interaction.direction = direction(&interaction);
        Ok(Incoming {
            interaction,
            warnings,
        })
    }

    /// The thread, by its root's id.
    fn source(&self, first: &Letter) -> SourceKey {
        match first.references.first().or(first.id.as_ref()) {
            Some(id) => SourceKey::of_mail_thread(id),
            None => {
                let mut hash = Sha256::new();
                for letter in &self.letters {
                    hash.update(letter.date.map_or(0, |date| date.0).to_be_bytes());
                    hash.update(letter.body.expose());
                }
                SourceKey::from_content(hash.finalize().into())
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let attachments: usize = self.letters.iter().map(|letter| letter.attachments).sum();
        if attachments > 0 {
            warnings.push(format!("{attachments} attachments were left out"));
        }
        if self.letters.iter().any(|letter| letter.date.is_none()) {
            warnings.push("a message without a date takes that of the one before it".to_owned());
        }
        warnings
    }
}

fn dialog(
    interaction: &mut Interaction,
    letter: Letter,
    start: domain::Timestamp,
    hints: &Hints,
) -> Dialog {
    let originator = letter
        .from
        .into_iter()
        .next()
        .map(|party| place(&mut interaction.parties, party, hints));
    let mut parties: Vec<Option<PartyIndex>> = originator.map(Some).into_iter().collect();
    for party in letter.recipients {
        let index = Some(place(&mut interaction.parties, party, hints));
        if !parties.contains(&index) {
            parties.push(index);
        }
    }
    Dialog {
        kind: DialogKind::Text,
        start,
        duration: None,
        parties,
        originator,
        message_id: letter.id,
        content: Content::Text {
            body: letter.body,
            quoted: letter.quoted,
        },
    }
}

/// The same address is the same party, whatever name goes with it.
fn place(parties: &mut Vec<Party>, mut party: Party, hints: &Hints) -> PartyIndex {
    let same = |known: &Party| match (&known.mailto, &party.mailto) {
        (Some(a), Some(b)) => a.expose().eq_ignore_ascii_case(b.expose()),
        (None, None) => known.name == party.name,
        _ => false,
    };
    let found = parties.iter().position(same);
    party.role = hints.role(Role::Unknown, &party);
    let index = match found.and_then(|at| parties.get_mut(at).map(|known| (at, known))) {
        Some((at, known)) => {
            if known.name.is_none() {
                known.name = party.name;
            }
            if known.role == Role::Unknown {
                known.role = party.role;
            }
            at
        }
        None => {
            parties.push(party);
            parties.len() - 1
        }
    };
    PartyIndex(u16::try_from(index).unwrap_or(u16::MAX))
}
