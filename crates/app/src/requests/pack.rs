//! What a person gets: everything that is held about them, or the proof that it is gone.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use domain::{
    CaseId, DataCategory, Identifier, Interaction, InteractionId, LeafIndex, PartyIndex, Purpose,
    RawTranscript, RedactedTranscript, Role, Secret, Turn,
};
use formats::{PersonalParty, PersonalTurn, PersonalView, export_personal_vcon};
use policy::{Erase, Find, Read, Scope};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::Receipt;
use zeroize::Zeroizing;
use zip::write::SimpleFileOptions;

use super::cases::Case;
use super::{Outcome, RequestKind};
use crate::app::App;
use crate::error::AppError;
use crate::reading::{rfc3339, shown};

/// The form of a pack's manifest.
const PACK: &str = "privity.access-pack/2";

/// Everything about a person in one file.
pub struct AccessPack {
    /// Whose case it answers.
    pub case: CaseId,
    /// How many interactions are in it.
    pub interactions: usize,
    /// A ZIP file: a vCon of each interaction and a signed manifest with their hashes.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for AccessPack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessPack({} interactions)", self.interactions)
    }
}

/// What was destroyed for a person. It is made only where every place is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureReceipt {
    /// Whose case it answers.
    pub case: CaseId,
    /// Each interaction with every place.
    pub erased: Vec<Receipt>,
    /// Interactions in which somebody else takes part: only this person was taken out.
    pub taken_out: Vec<InteractionId>,
    /// The receipt as a text with the proofs of its leaves, signed by the log's checkpoint.
    pub text: String,
}

/// One interaction with the place of the person in it.
struct Found {
    id: InteractionId,
    document: Interaction,
    own: BTreeSet<PartyIndex>,
}

impl App {
    /// Everything that the tenant holds about the person of a case: their own words as they are,
    /// everybody else's redacted, nobody else's name or address. Only for access and portability.
    ///
    /// # Errors
    /// [`AppError::Input`] for another kind of case; [`AppError::Denied`].
    pub async fn access_pack(&self, scope: &Scope, id: CaseId) -> Result<AccessPack, AppError> {
        let case = self.case(scope, id).await?.body;
        if !matches!(case.kind, RequestKind::Access | RequestKind::Portability) {
            return Err(AppError::Input(format!("`{id}` does not ask for access")));
        }
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        let mut files: Vec<Value> = Vec::new();
        for found in self.found(scope, &case).await? {
            let view = self.personal_view(scope, &found).await?;
            let bytes = Zeroizing::new(export_personal_vcon(&view)?.into_bytes());
            let name = format!("{}.vcon.json", found.id);
            zip.start_file(&name, options).map_err(packing)?;
            zip.write_all(&bytes)
                .map_err(AppError::io("write the pack"))?;
            files.push(json!({ "file": name, "sha256": hex::encode(Sha256::digest(&*bytes)) }));
        }
        let count = files.len();
        let manifest = self.signed_manifest(id, &case, &files).await?;
        zip.start_file("manifest.json", options).map_err(packing)?;
        zip.write_all(manifest.as_bytes())
            .map_err(AppError::io("write the pack"))?;
        let bytes = zip.finish().map_err(packing)?.into_inner();
        Ok(AccessPack {
            case: id,
            interactions: count,
            bytes: Zeroizing::new(bytes),
        })
    }

    /// The list of files with their hashes, signed by the log's key: `privity-verify` checks it
    /// and the files beside it.
    async fn signed_manifest(
        &self,
        id: CaseId,
        case: &Case,
        files: &[Value],
    ) -> Result<String, AppError> {
        let report = json!({
            "format": PACK,
            "request": case.request.to_string(),
            "case": id.to_string(),
            "made": rfc3339(self.now()),
            "policy": self.policy().version(),
            "files": files,
        })
        .to_string();
        let signed = json!({
            "format": PACK,
            "origin": self.store.ledger_origin(),
            "verifiers": self.store.ledger_verifiers().await?,
            "statement": self.store.sign_statement(PACK, &report).await?,
            "report": report,
        });
        Ok(format!("{signed:#}\n"))
    }

    /// Erases everything that the tenant holds about the person of a case, and ends the case.
    /// Where somebody else takes part in an interaction, only this person is taken out of it.
    ///
    /// # Errors
    /// [`AppError::Denied`] under a hold, naming the case; [`AppError::Input`] for another kind of
    /// case, or while a place is not confirmed: then the case stays open, and erasing again goes
    /// on with it.
    pub async fn erase_for(&self, scope: &Scope, id: CaseId) -> Result<ErasureReceipt, AppError> {
        let case = self.case(scope, id).await?.body;
        if case.kind != RequestKind::Erasure || case.outcome.is_some() {
            return Err(AppError::Input(format!("`{id}` does not ask for erasure")));
        }
        let found = self.found(scope, &case).await?;
        // Nothing is begun where something may not be erased.
        let erasing = scope.for_purpose(Purpose::Erasure);
        for one in &found {
            if let Err(AppError::Denied(denial)) = self
                .ask::<Erase>(&erasing, one.id, &[DataCategory::RawContent])
                .await
            {
                return Err(AppError::Denied(
                    self.name_cases(&erasing, one.id, denial).await,
                ));
            }
        }
        let (mut erased, mut taken_out, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for one in found {
            let number = one.id;
            let receipt = if others(&one) {
                taken_out.push(number);
                self.take_out(scope, one.document, &one.own, number, &case)
                    .await?
            } else {
                self.erase(scope, number).await?
            };
            if !receipt.complete() {
                open.push(number.to_string());
            }
            erased.push(receipt);
        }
        if !open.is_empty() {
            return Err(AppError::Input(format!(
                "not every place of {} is confirmed; the case stays open, erase again",
                open.join(", ")
            )));
        }
        self.store.checkpoint().await?;
        let text = self.receipt_text(id, &case, &erased, &taken_out).await?;
        let what = format!(
            "{} conversations were erased; the receipt lists every place",
            erased.len()
        );
        self.end_case(scope, id, &Outcome::Fulfilled { what })
            .await?;
        Ok(ErasureReceipt {
            case: id,
            erased,
            taken_out,
            text,
        })
    }

    /// The tenant's interactions in which the person takes part, each with their place in it.
    async fn found(&self, scope: &Scope, case: &Case) -> Result<Vec<Found>, AppError> {
        let who: Identifier = case.identifier.expose().parse()?;
        let finding = self.keep::<Find>(scope).await?;
        let unredacted = scope.for_purpose(Purpose::UnredactedAccess);
        let mut all = Vec::new();
        for id in self.store.located(&finding, &who).await? {
            let permit = self
                .ask::<Read>(
                    &unredacted,
                    id,
                    &[DataCategory::RawContent, DataCategory::Contact],
                )
                .await?;
            let document = self.store.interaction(&permit).await?;
            let own = document
                .parties
                .iter()
                .enumerate()
                .filter(|(_, party)| Identifier::of(party).any(|known| known == who))
                .filter_map(|(place, _)| u16::try_from(place).ok().map(PartyIndex))
                .collect();
            all.push(Found { id, document, own });
        }
        Ok(all)
    }

    async fn personal_view(&self, scope: &Scope, found: &Found) -> Result<PersonalView, AppError> {
        let unredacted = scope.for_purpose(Purpose::UnredactedAccess);
        let permit = self
            .ask::<Read>(
                &unredacted,
                found.id,
                &[
                    DataCategory::RawContent,
                    DataCategory::RedactedContent,
                    DataCategory::InteractionMetadata,
                ],
            )
            .await?;
        let raw = shown(self.store.raw_transcript(&permit).await)?.ok();
        let redacted = shown(self.store.redacted_transcript(&permit).await)?.ok();
        let turns = match (&raw, &redacted) {
            (Some(raw), Some(redacted)) => Some(turns(raw, redacted, &found.own)),
            _ => None,
        };
        let corrections = self.corrections_under(&permit).await?;
        let beside = corrections
            .iter()
            .map(|one| {
                let (from, until) = one.correction.stretch.unzip();
                let body = json!({ "at": rfc3339(one.at), "case": one.correction.case.to_string(),
                                   "from_ms": from, "until_ms": until,
                                   "says": one.correction.says.expose() });
                ("privity.correction/1", body)
            })
            .collect();
        let parties = (0u16..)
            .map(PartyIndex)
            .zip(&found.document.parties)
            .map(|(place, party)| PersonalParty {
                role: party.role,
                own: found
                    .own
                    .contains(&place)
                    .then(|| [party.name.clone(), party.tel.clone(), party.mailto.clone()]),
            })
            .collect();
        Ok(PersonalView {
            id: found.id,
            channel: found.document.channel,
            direction: found.document.direction,
            started: found.document.started,
            created: self.now(),
            parties,
            turns,
            beside,
        })
    }

    async fn receipt_text(
        &self,
        id: CaseId,
        case: &Case,
        erased: &[Receipt],
        taken_out: &[InteractionId],
    ) -> Result<String, AppError> {
        let mut text = format!(
            "Receipt of erasure\n\nrequest {}\ncase {id}\nlog {}\nmade {}\n",
            case.request,
            self.store.ledger_origin(),
            rfc3339(self.now())
        );
        let mut proofs: Vec<LeafIndex> = Vec::new();
        for receipt in erased {
            let how = if taken_out.contains(&receipt.interaction) {
                "you were taken out; somebody else takes part"
            } else {
                "erased as a whole"
            };
            add(&mut text, format_args!("\n{} {how}", receipt.interaction));
            for place in &receipt.places {
                add(&mut text, format_args!("  gone: {}", place.what));
            }
            proofs.extend(receipt.leaf);
        }
        for leaf in proofs {
            let proof = self.store.prove_leaf(leaf).await?;
            add(
                &mut text,
                format_args!("\nproof of leaf {}\n{proof}", leaf.0),
            );
        }
        Ok(text)
    }
}

/// Whether somebody beside the person and the tenant's own people takes part.
fn others(found: &Found) -> bool {
    found
        .document
        .parties
        .iter()
        .enumerate()
        .any(|(place, party)| {
            let own = found.own.iter().any(|one| usize::from(one.0) == place);
            let known = party.name.is_some() || party.tel.is_some() || party.mailto.is_some();
            !own && known
                && matches!(
                    party.role,
                    Role::Consumer | Role::ThirdParty | Role::Unknown
                )
        })
}

/// Turns in order: the person's own as they were said, the others' as they were redacted.
fn turns(
    raw: &RawTranscript,
    redacted: &RedactedTranscript,
    own: &BTreeSet<PartyIndex>,
) -> Vec<PersonalTurn> {
    raw.turns
        .iter()
        .map(|turn| {
            let speaker = raw.speakers.get(usize::from(turn.speaker));
            let own = speaker.is_some_and(|speaker| own.contains(&speaker.party));
            let text = if own {
                raw_text(raw, turn)
            } else {
                redacted
                    .turns()
                    .iter()
                    .find(|other| other.speaker == turn.speaker && other.span == turn.span)
                    .map_or_else(
                        || "[left out]".to_owned(),
                        |other| redacted_text(redacted, other),
                    )
            };
            PersonalTurn {
                party: speaker.map_or(0, |speaker| speaker.party.0),
                own,
                at: turn.span.start(),
                text: Secret::new(text),
            }
        })
        .collect()
}

fn raw_text(raw: &RawTranscript, turn: &Turn) -> String {
    let first = usize::try_from(turn.first.0).unwrap_or(usize::MAX);
    let last = usize::try_from(turn.last.0).unwrap_or(usize::MAX);
    let words = raw.words.get(first..=last).unwrap_or_default();
    let own: Vec<&str> = words
        .iter()
        .filter(|word| word.speaker == turn.speaker)
        .map(|word| word.text.expose())
        .collect();
    own.join(" ")
}

fn redacted_text(redacted: &RedactedTranscript, turn: &Turn) -> String {
    let words: Vec<String> = redacted
        .turn_words(turn)
        .map(domain::RedactedWord::shown)
        .collect();
    words.join(" ")
}

fn add(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    if text.write_fmt(line).is_ok() {
        text.push('\n');
    }
}

fn packing(error: zip::result::ZipError) -> AppError {
    AppError::Io {
        what: "write the pack".to_owned(),
        source: std::io::Error::other(error),
    }
}
