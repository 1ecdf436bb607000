//! The one way in: a kind and its bytes become interactions.

use domain::{
    Channel, Content, Dialog, DialogKind, Direction, Interaction, Metadata, Party, Role, Timestamp,
};

use crate::{FormatError, Kind, captions, chat, export, mail, vcon};

/// What is known beside the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Hints {
    /// When it arrived; stands for a start that the file does not tell.
    pub received: Timestamp,
    /// Names, addresses or numbers of the tenant's agents.
    pub agents: Vec<String>,
}

impl std::fmt::Debug for Hints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hints({} agents)", self.agents.len())
    }
}

impl Hints {
    /// The declared role, or agent where one of the agents' names or addresses is given.
    pub(crate) fn role(&self, declared: Role, party: &Party) -> Role {
        if declared != Role::Unknown {
            return declared;
        }
        let known = [&party.name, &party.mailto, &party.tel, &party.id];
        let is_agent = known.into_iter().flatten().any(|text| {
            let is =
                |agent: &String| agent.trim().to_lowercase() == text.expose().trim().to_lowercase();
            self.agents.iter().any(is)
        });
        if is_agent { Role::Agent } else { Role::Unknown }
    }
}

/// One interaction as it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// The interaction.
    pub interaction: Interaction,
    /// What was left out or guessed, as sentences without personal data.
    pub warnings: Vec<String>,
}

/// Reads every interaction of a file that is no sound.
///
/// # Errors
/// [`FormatError`] where nothing of it can be used, with the place of the mistake.
pub fn read(kind: Kind, bytes: &[u8], hints: &Hints) -> Result<Vec<Incoming>, FormatError> {
    match kind {
        Kind::VCon => vcon::read(bytes, hints).map(|one| vec![one]),
        Kind::ChatJson => chat::read_json(bytes, hints).map(|one| vec![one]),
        Kind::InteractionJson => export::read_json(bytes, hints).map(|one| vec![one]),
        Kind::ChatCsv => chat::read_csv(bytes, hints),
        Kind::Eml => mail::read_message(bytes, hints).map(|one| vec![one]),
        Kind::Mbox => mail::mbox_threads(bytes, hints).collect(),
        Kind::WebVtt => captions::read_vtt(bytes, hints).map(|one| vec![one]),
        Kind::Srt => captions::read_srt(bytes, hints).map(|one| vec![one]),
        Kind::Empty => Err(FormatError::Empty),
        Kind::Zip => Err(FormatError::Archive {
            what: "a ZIP archive",
        }),
        Kind::Unknown(what) if what.ends_with("archive") => Err(FormatError::Archive { what }),
        Kind::Unknown(looks_like) => Err(FormatError::Unknown { looks_like }),
        Kind::Wav | Kind::Flac | Kind::Mp3 | Kind::Ogg | Kind::Mp4 | Kind::WebM => {
            Ok(vec![recording(bytes.to_vec(), hints)])
        }
    }
}

/// Bare sound: nobody is named, and when it began is when it arrived.
#[must_use]
pub fn recording(bytes: Vec<u8>, hints: &Hints) -> Incoming {
    let dialog = Dialog {
        kind: DialogKind::Recording,
        start: hints.received,
        duration: None,
        parties: Vec::new(),
        originator: None,
        message_id: None,
        content: Content::Media(bytes),
    };
    Incoming {
        interaction: Interaction {
            dialogs: vec![dialog],
            ..bare(Channel::Voice, hints.received)
        },
        warnings: Vec::new(),
    }
}

/// An interaction of which only channel and start are known.
pub(crate) const fn bare(channel: Channel, started: Timestamp) -> Interaction {
    Interaction {
        channel,
        direction: Direction::Unknown,
        started,
        subject: None,
        parties: Vec::new(),
        dialogs: Vec::new(),
        metadata: Metadata::new(),
        source: None,
        lawful_bases: Vec::new(),
    }
}

/// Who began, by the role of the first one who wrote or spoke.
pub(crate) fn direction(interaction: &Interaction) -> Direction {
    let first = interaction
        .dialogs
        .iter()
        .find_map(|dialog| dialog.originator);
    let party = first.and_then(|index| interaction.parties.get(usize::from(index.0)));
    match party.map(|party| party.role) {
        Some(Role::Agent | Role::Bot | Role::Ivr) => Direction::Outbound,
        Some(Role::Consumer) => Direction::Inbound,
        Some(Role::ThirdParty) | None => Direction::Unknown,
        // Where agents are known, whoever is none of them is the other side.
        Some(Role::Unknown) if interaction.parties.iter().any(|p| p.role == Role::Agent) => {
            Direction::Inbound
        }
        Some(Role::Unknown) => Direction::Unknown,
    }
}

/// A role as foreign files spell it.
pub(crate) fn role(text: &str) -> Role {
    match text.trim().to_ascii_lowercase().as_str() {
        "agent" | "operator" | "representative" | "advisor" | "admin" => Role::Agent,
        "consumer" | "customer" | "client" | "caller" | "user" | "end_user" | "visitor"
        | "contact" => Role::Consumer,
        "bot" | "automated_agent" | "assistant" => Role::Bot,
        "ivr" => Role::Ivr,
        "third_party" | "thirdparty" | "supervisor" | "sme" => Role::ThirdParty,
        _ => Role::Unknown,
    }
}
