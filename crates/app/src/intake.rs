//! Bytes come in: identified by content, read into interactions, sealed, then acknowledged.
//!
//! What is refused is refused with a reason and is visible afterwards; what is acknowledged is
//! durable. The same content or the same source id twice is one interaction.

use std::io::BufReader;
use std::path::Path;

use domain::{
    Channel, Content, DataCategory, Dialog, DialogKind, Interaction, InteractionId, LawfulBasis,
    Metadata, Party, PartyIndex, Purpose, Role, Secret, SourceKey, Timestamp,
};
use engine::audio::{self, AudioFault};
use formats::{Hints, Incoming, Kind};
use policy::{Facts, Scope, Seal};
use sha2::{Digest, Sha256};
use store::{IntakeRefusal, NewInteraction, TakeIn, Tenant};

use crate::app::App;
use crate::error::AppError;
use crate::parties;
use crate::pipeline::chain;
use crate::thread;

/// What is declared about what comes in.
#[derive(Debug, Clone, Default)]
pub struct IntakeOrder {
    /// Name or address of the agent.
    pub agent: Option<Secret>,
    /// Name, number or address of the consumer.
    pub consumer: Option<Secret>,
    /// Channel on which the agent speaks, from 0.
    pub agent_channel: Option<u16>,
    /// When it began, where the source does not say.
    pub started: Option<Timestamp>,
    /// The tenant's own fields.
    pub metadata: Metadata,
    /// The caller's own key for this upload; the same key again is the same upload.
    pub idempotency_key: Option<String>,
}

/// What became of one interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Sealed, stored and waiting for its first stage.
    Taken {
        /// Its id.
        id: InteractionId,
        /// How people met.
        channel: Channel,
        /// What a listener should know.
        warnings: Vec<String>,
    },
    /// The same content or source id is here already.
    Known {
        /// The one it is.
        id: InteractionId,
    },
    /// A known conversation got further messages and is processed again.
    Continued {
        /// The conversation.
        id: InteractionId,
        /// How many messages were new.
        messages: usize,
    },
    /// Not taken in.
    Refused {
        /// A short stable key such as `empty` or `zip`.
        reason: String,
        /// What was wrong and what to do, without personal data.
        sentence: String,
    },
}

impl App {
    /// Takes a file in; its name decides nothing. A mailbox file is read message by message.
    ///
    /// # Errors
    /// [`AppError::Io`] where it cannot be read; [`AppError::Denied`]. What is wrong with the
    /// content is an [`Outcome`].
    pub async fn take_in_file(
        &self,
        scope: &Scope,
        path: &Path,
        order: &IntakeOrder,
    ) -> Result<Vec<Outcome>, AppError> {
        let shown = || format!("read `{}`", path.display());
        let size = std::fs::metadata(path)
            .map_err(AppError::io(shown()))?
            .len();
        let mut file = std::fs::File::open(path).map_err(AppError::io(shown()))?;
        let mut head = vec![0u8; formats::HEAD];
        let filled = read_head(&mut file, &mut head).map_err(AppError::io(shown()))?;
        head.truncate(filled);
        if formats::identify(&head) == Kind::Mbox {
            let whole = std::fs::File::open(path).map_err(AppError::io(shown()))?;
            return self
                .take_in_mailbox(scope, BufReader::new(whole), order)
                .await;
        }
        if size > self.config.largest {
            let refusal = too_large(size, self.config.largest);
            return Ok(vec![self.refuse(scope, "file", refusal).await?]);
        }
        let bytes = tokio::fs::read(path).await.map_err(AppError::io(shown()))?;
        self.take_in(scope, bytes, order).await
    }

    /// Takes bytes in.
    ///
    /// # Errors
    /// [`AppError::Denied`]; what is wrong with the content is an [`Outcome`].
    pub async fn take_in(
        &self,
        scope: &Scope,
        bytes: Vec<u8>,
        order: &IntakeOrder,
    ) -> Result<Vec<Outcome>, AppError> {
        let kind = formats::identify(
            bytes
                .get(..formats::HEAD.min(bytes.len()))
                .unwrap_or_default(),
        );
        let name = kind.name();
        let hints = self.hints(order);
        let content = SourceKey::from_content(Sha256::digest(&bytes).into());
        let incoming = if kind.is_audio() {
            vec![formats::recording(bytes, &hints)]
        } else {
            match formats::read(kind, &bytes, &hints) {
                Ok(incoming) => incoming,
                Err(error) => {
                    let refusal = (error.key().to_owned(), chain(&error));
                    return Ok(vec![self.refuse(scope, name, refusal).await?]);
                }
            }
        };
        let only_one = incoming.len() == 1;
        let mut outcomes = Vec::with_capacity(incoming.len());
        for (number, one) in incoming.into_iter().enumerate() {
            let mut keys = Vec::new();
            if only_one {
                keys.push(content.clone());
            }
            if let Some(key) = &order.idempotency_key {
                keys.push(SourceKey::from_source(
                    "idempotency-key",
                    &format!("{key}#{number}"),
                ));
            }
            outcomes.push(self.take_in_one(scope, name, one, keys, order).await?);
        }
        Ok(outcomes)
    }

    async fn take_in_mailbox(
        &self,
        scope: &Scope,
        reader: impl std::io::BufRead + Send,
        order: &IntakeOrder,
    ) -> Result<Vec<Outcome>, AppError> {
        let hints = self.hints(order);
        let mut outcomes = Vec::new();
        for thread in formats::mbox_threads(reader, &hints) {
            outcomes.push(match thread {
                Ok(one) => {
                    self.take_in_one(scope, "mbox", one, Vec::new(), order)
                        .await?
                }
                Err(error) => {
                    let refusal = (error.key().to_owned(), chain(&error));
                    self.refuse(scope, "mbox", refusal).await?
                }
            });
        }
        Ok(outcomes)
    }

    async fn take_in_one(
        &self,
        scope: &Scope,
        kind: &str,
        incoming: Incoming,
        mut keys: Vec<SourceKey>,
        order: &IntakeOrder,
    ) -> Result<Outcome, AppError> {
        let Incoming {
            mut interaction,
            mut warnings,
        } = incoming;
        let messages = thread::message_keys(&interaction);
        let as_sent = interaction.is_thread().then(|| interaction.clone());
        declare(&mut interaction, order);
        match self.listen(&interaction).await? {
            Ok(heard) => warnings.extend(heard),
            Err(refusal) => return self.refuse(scope, kind, refusal).await,
        }
        keys.extend(interaction.source.iter().cloned());
        keys.extend(messages.iter().cloned());
        keys.extend(thread::other_names(&interaction));
        let tenant = self.tenant_of(scope).await?;
        let facts = self.intake_facts(&tenant, &interaction).await?;
        let id = self.new_interaction_id()?;
        let permit = self
            .decide::<Seal, _>(
                &scope.for_purpose(Purpose::Storage),
                id,
                &categories(&interaction),
                &facts,
            )
            .await?;
        let channel = interaction.channel;
        let new = NewInteraction {
            interaction: &interaction,
            source_keys: keys.clone(),
            facts,
            warnings: warnings.clone(),
        };
        let mut came = self.store.take_in(&permit, &new).await?;
        if let (TakeIn::Known(id), Some(later)) = (came, as_sent) {
            let further = store::Continuation {
                interaction: &later,
                messages: &messages,
                source_keys: &keys,
                warnings: &warnings,
            };
            came = self.continue_thread(scope, id, &further).await?;
        }
        Ok(match came {
            TakeIn::Taken(id) => Outcome::Taken {
                id,
                channel,
                warnings,
            },
            TakeIn::Known(id) => Outcome::Known { id },
            TakeIn::Continued(id, messages) => Outcome::Continued { id, messages },
        })
    }

    /// Decodes every recording once, so that what can never be processed is refused at the door.
    async fn listen(
        &self,
        interaction: &Interaction,
    ) -> Result<Result<Vec<String>, (String, String)>, AppError> {
        let mut warnings = Vec::new();
        for dialog in &interaction.dialogs {
            let Content::Media(bytes) = &dialog.content else {
                continue;
            };
            let (bytes, limits) = (bytes.clone(), self.config.limits.clone());
            let decoded = tokio::task::spawn_blocking(move || audio::decode(&bytes, &limits))
                .await
                .map_err(|_| AppError::Stopped)?;
            match decoded {
                Ok(sound) => warnings.extend(sound.warnings.iter().map(ToString::to_string)),
                Err(fault) => return Ok(Err((audio_key(&fault).to_owned(), chain(&fault)))),
            }
        }
        Ok(Ok(warnings))
    }

    async fn intake_facts(
        &self,
        tenant: &Tenant,
        interaction: &Interaction,
    ) -> Result<Facts, AppError> {
        let stated: &[LawfulBasis] = &interaction.lawful_bases;
        let own = [tenant.instruction.basis.clone()];
        let bases = if stated.is_empty() { &own } else { stated };
        let now = self.now();
        Ok(Facts {
            instruction: Some(tenant.instruction.id.clone()),
            subjects: u16::try_from(interaction.parties.len()).unwrap_or(u16::MAX),
            lawful_bases: bases.to_vec(),
            collected_under: Some(self.policy().version().to_owned()),
            collected_at: Some(now),
            keep_until: self.kept_until(tenant.id, interaction.channel, now).await?,
            ..Facts::default()
        })
    }

    fn hints(&self, order: &IntakeOrder) -> Hints {
        Hints {
            received: order.started.unwrap_or_else(|| self.now()),
            agents: order
                .agent
                .iter()
                .map(|name| name.expose().to_owned())
                .collect(),
        }
    }

    async fn refuse(
        &self,
        scope: &Scope,
        kind: &str,
        (reason, sentence): (String, String),
    ) -> Result<Outcome, AppError> {
        let refusal = IntakeRefusal {
            reason: reason.clone(),
            sentence: sentence.clone(),
            kind: kind.to_owned(),
        };
        self.store.record_refusal(scope.tenant(), &refusal).await?;
        Ok(Outcome::Refused { reason, sentence })
    }
}

/// Fills as much of the head as the file has.
fn read_head(file: &mut std::fs::File, head: &mut [u8]) -> std::io::Result<usize> {
    use std::io::Read as _;
    let mut filled = 0;
    while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

fn too_large(size: u64, limit: u64) -> (String, String) {
    let megabytes = |bytes: u64| bytes.div_ceil(1_048_576);
    (
        "too_large".to_owned(),
        format!(
            "the file has {} MB; the limit is {} MB; raise `largest_file_megabytes` or divide it",
            megabytes(size),
            megabytes(limit)
        ),
    )
}

/// The fault's stable key in records and answers.
const fn audio_key(fault: &AudioFault) -> &'static str {
    match fault {
        AudioFault::Empty => "empty",
        AudioFault::NoSamples { .. } => "no_samples",
        AudioFault::Truncated { .. } => "truncated",
        AudioFault::TooLong { .. } => "too_long",
        AudioFault::TooLarge { .. } => "too_large",
        AudioFault::TooManyChannels { .. } => "too_many_channels",
        AudioFault::Unsupported { .. } => "unsupported",
        AudioFault::NotAudio { .. } => "not_audio",
        _ => "corrupt",
    }
}

fn categories(interaction: &Interaction) -> Vec<DataCategory> {
    let mut found = vec![
        DataCategory::RawContent,
        DataCategory::Contact,
        DataCategory::InteractionMetadata,
    ];
    if interaction
        .dialogs
        .iter()
        .any(|dialog| dialog.kind == DialogKind::Recording)
    {
        found.push(DataCategory::Voice);
    }
    found
}

/// Puts what was declared into the interaction; what the source says itself comes first.
fn declare(interaction: &mut Interaction, order: &IntakeOrder) {
    infer_roles(interaction);
    parties::complete(&mut interaction.parties);
    for (role, name) in [
        (Role::Agent, &order.agent),
        (Role::Consumer, &order.consumer),
    ] {
        let Some(text) = name else { continue };
        let place = parties::of_role(interaction, role);
        let party = place.and_then(|place| interaction.parties.get_mut(usize::from(place.0)));
        if let Some(party) = party {
            describe(party, text);
        }
    }
    for (key, value) in &order.metadata {
        interaction
            .metadata
            .entry(key.clone())
            .or_insert_with(|| value.clone());
    }
    if let Some(channel) = order.agent_channel {
        let agent = parties::of_role(interaction, Role::Agent);
        let consumer = parties::of_role(interaction, Role::Consumer);
        for dialog in interaction
            .dialogs
            .iter_mut()
            .filter(|d| d.kind == DialogKind::Recording)
        {
            put_agent_on(dialog, channel, agent, consumer);
        }
    }
}

fn put_agent_on(
    dialog: &mut Dialog,
    channel: u16,
    agent: Option<PartyIndex>,
    consumer: Option<PartyIndex>,
) {
    let count = usize::from(channel).max(1) + 1;
    dialog.parties = (0..count)
        .map(|place| {
            if place == usize::from(channel) {
                agent
            } else {
                consumer
            }
        })
        .collect();
}

/// A name, a number or an address, by its form; never over what the source said.
fn describe(party: &mut Party, text: &Secret) {
    let shown = text.expose();
    let digits = shown.chars().filter(char::is_ascii_digit).count();
    let field = if shown.contains('@') {
        &mut party.mailto
    } else if digits >= 5 && !shown.chars().any(char::is_alphabetic) {
        &mut party.tel
    } else {
        &mut party.name
    };
    field.get_or_insert_with(|| text.clone());
}

/// In written interactions without declared roles, whoever wrote first is the consumer of an
/// inbound one and whoever was written to is the agent.
fn infer_roles(interaction: &mut Interaction) {
    let undecided = |party: &Party| party.role == Role::Unknown;
    if interaction.channel == Channel::Voice || !interaction.parties.iter().all(undecided) {
        return;
    }
    let Some(first) = interaction.dialogs.first() else {
        return;
    };
    let writer = first
        .originator
        .or_else(|| first.parties.first().copied().flatten());
    let Some(writer) = writer else { return };
    let reader = first
        .parties
        .iter()
        .flatten()
        .copied()
        .find(|party| *party != writer);
    let (consumer, agent) = match interaction.direction {
        domain::Direction::Outbound => (reader, Some(writer)),
        domain::Direction::Inbound | domain::Direction::Unknown => (Some(writer), reader),
    };
    for (party, role) in [(consumer, Role::Consumer), (agent, Role::Agent)] {
        let found = party.and_then(|place| interaction.parties.get_mut(usize::from(place.0)));
        if let Some(found) = found {
            found.role = role;
        }
    }
    for party in interaction
        .parties
        .iter_mut()
        .filter(|party| undecided(party))
    {
        party.role = Role::ThirdParty;
    }
}
