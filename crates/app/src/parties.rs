//! Which party of an interaction a speaker is.

use domain::{Interaction, Party, PartyIndex, Role, SpeakerLabel};

/// The label of a party's role; unknown and third parties are numbered by their place.
pub(crate) fn label(role: Role, party: PartyIndex) -> SpeakerLabel {
    match role {
        Role::Agent => SpeakerLabel::Agent,
        Role::Consumer => SpeakerLabel::Consumer,
        Role::Bot => SpeakerLabel::Bot,
        Role::Ivr => SpeakerLabel::Ivr,
        Role::ThirdParty | Role::Unknown => {
            SpeakerLabel::Other(u8::try_from(party.0.saturating_add(1)).unwrap_or(u8::MAX))
        }
    }
}

/// The first party of a role.
pub(crate) fn of_role(interaction: &Interaction, role: Role) -> Option<PartyIndex> {
    let place = interaction
        .parties
        .iter()
        .position(|party| party.role == role)?;
    u16::try_from(place).ok().map(PartyIndex)
}

/// Makes sure that somebody is there for each side, named or not, so that every word has a
/// party and every interaction its subjects.
pub(crate) fn complete(parties: &mut Vec<Party>) {
    for role in [Role::Agent, Role::Consumer] {
        let taken = parties.iter().any(|party| party.role == role);
        if taken {
            continue;
        }
        match parties.iter_mut().find(|party| party.role == Role::Unknown) {
            Some(unknown) if role == Role::Consumer => unknown.role = role,
            _ => parties.push(Party::of_role(role)),
        }
    }
}
