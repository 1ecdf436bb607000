//! A written conversation that goes on: what comes later joins what is here.

use std::collections::BTreeSet;

use crate::{Channel, Dialog, DialogKind, Interaction, Party, PartyIndex, Role};

impl Interaction {
    /// Whether later messages may join it: a chat or mail thread that its source names.
    #[must_use]
    pub fn is_thread(&self) -> bool {
        self.channel != Channel::Voice
            && self.source.is_some()
            && !self.dialogs.is_empty()
            && self.dialogs.iter().all(|d| d.kind == DialogKind::Text)
    }

    /// Joins a later part of the same conversation. The same address, number or id is the same
    /// party, and what is known of a party already wins; messages stand in order of their start.
    ///
    /// A party that only the later part has and of whom no role was declared is a third party:
    /// the first part settled who consumer and agent are.
    pub fn join(&mut self, later: Self) {
        let places: Vec<PartyIndex> = later
            .parties
            .into_iter()
            .map(|party| self.seat(party))
            .collect();
        let new_place = |old: PartyIndex| places.get(usize::from(old.0)).copied();
        self.dialogs.extend(later.dialogs.into_iter().map(|dialog| {
            let parties = dialog.parties.into_iter();
            Dialog {
                originator: dialog.originator.and_then(new_place),
                parties: parties.map(|party| party.and_then(new_place)).collect(),
                ..dialog
            }
        }));
        self.dialogs.sort_by_key(|dialog| dialog.start);
        self.started = self.started.min(later.started);
        if self.subject.is_none() {
            self.subject = later.subject;
        }
        for (key, value) in later.metadata {
            self.metadata.entry(key).or_insert(value);
        }
    }

    /// The part of it that holds these dialogs only, with every party.
    #[must_use]
    pub fn only(&self, wanted: &BTreeSet<usize>) -> Self {
        let mut part = self.clone();
        let mut number = 0;
        part.dialogs.retain(|_| {
            number += 1;
            wanted.contains(&(number - 1))
        });
        if let Some(first) = part.dialogs.iter().map(|dialog| dialog.start).min() {
            part.started = first;
        }
        part
    }

    fn seat(&mut self, party: Party) -> PartyIndex {
        let found = self.parties.iter().position(|known| same(known, &party));
        let at = match found.and_then(|at| self.parties.get_mut(at).map(|known| (at, known))) {
            Some((at, known)) => {
                complete(known, party);
                at
            }
            None => {
                let role = match party.role {
                    Role::Unknown => Role::ThirdParty,
                    told => told,
                };
                self.parties.push(Party { role, ..party });
                self.parties.len() - 1
            }
        };
        PartyIndex(u16::try_from(at).unwrap_or(u16::MAX))
    }
}

fn same(known: &Party, party: &Party) -> bool {
    match (&known.mailto, &party.mailto) {
        (Some(a), Some(b)) => return a.expose().eq_ignore_ascii_case(b.expose()),
        (None, None) => {}
        _ => return false,
    }
    for (a, b) in [(&known.id, &party.id), (&known.tel, &party.tel)] {
        if let (Some(a), Some(b)) = (a, b) {
            return a == b;
        }
    }
    let told = |party: &Party| party.role != Role::Unknown;
    known.name == party.name && (known.role == party.role || !told(known) || !told(party))
}

fn complete(known: &mut Party, party: Party) {
    if known.role == Role::Unknown {
        known.role = party.role;
    }
    let Party {
        name,
        tel,
        mailto,
        id,
        ..
    } = party;
    for (field, value) in [
        (&mut known.name, name),
        (&mut known.tel, tel),
        (&mut known.mailto, mailto),
        (&mut known.id, id),
    ] {
        if field.is_none() {
            *field = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, Direction, Metadata, Secret, SourceKey, Timestamp};

    fn party(mailto: &str, role: Role) -> Party {
        Party {
            mailto: Some(mailto.into()),
            ..Party::of_role(role)
        }
    }

    fn message(start: i64, from: u16, to: u16) -> Dialog {
        Dialog {
            kind: DialogKind::Text,
            start: Timestamp(start),
            duration: None,
            parties: vec![Some(PartyIndex(from)), Some(PartyIndex(to))],
            originator: Some(PartyIndex(from)),
            message_id: Some(format!("m{start}")),
            content: Content::Text {
                body: Secret::new(format!("words of {start}")),
                quoted: None,
            },
        }
    }

    fn thread(parties: Vec<Party>, dialogs: Vec<Dialog>) -> Interaction {
        Interaction {
            channel: Channel::Email,
            direction: Direction::Inbound,
            started: Timestamp(dialogs.first().map_or(0, |d| d.start.0)),
            subject: None,
            parties,
            dialogs,
            metadata: Metadata::new(),
            source: Some(SourceKey::from_source("message-id", "root")),
            lawful_bases: Vec::new(),
        }
    }

    #[test]
    fn a_reply_joins_with_its_writer_in_the_seat_that_the_thread_knows() {
        let mut known = thread(
            vec![
                party("ann@example.org", Role::Consumer),
                party("help@example.com", Role::Agent),
            ],
            vec![message(10, 0, 1)],
        );
        let reply = thread(
            vec![
                party("Help@Example.com", Role::Unknown),
                party("ann@example.org", Role::Unknown),
                party("boss@example.com", Role::Unknown),
            ],
            vec![message(30, 0, 1), message(20, 2, 1)],
        );
        known.join(reply);
        let starts: Vec<i64> = known.dialogs.iter().map(|d| d.start.0).collect();
        assert_eq!(starts, [10, 20, 30]);
        let roles: Vec<Role> = known.parties.iter().map(|p| p.role).collect();
        assert_eq!(roles, [Role::Consumer, Role::Agent, Role::ThirdParty]);
        assert_eq!(known.dialogs[1].originator, Some(PartyIndex(2)));
        assert_eq!(known.dialogs[2].originator, Some(PartyIndex(1)));
        assert_eq!(
            known.dialogs[2].parties,
            [Some(PartyIndex(1)), Some(PartyIndex(0))]
        );
    }

    #[test]
    fn parties_without_an_address_are_the_same_by_their_role() {
        let mut known = thread(
            vec![Party::of_role(Role::Consumer), Party::of_role(Role::Agent)],
            vec![message(10, 0, 1)],
        );
        known.join(thread(
            vec![Party::of_role(Role::Agent), Party::of_role(Role::Consumer)],
            vec![message(20, 0, 1)],
        ));
        assert_eq!(known.parties.len(), 2);
        assert_eq!(known.dialogs[1].originator, Some(PartyIndex(1)));
    }

    #[test]
    fn a_part_keeps_the_wanted_messages_only() {
        let all = thread(
            vec![party("a@b.example", Role::Consumer)],
            vec![message(10, 0, 0), message(20, 0, 0)],
        );
        let part = all.only(&BTreeSet::from([1]));
        assert_eq!(part.dialogs.len(), 1);
        assert_eq!(part.started, Timestamp(20));
    }
}
