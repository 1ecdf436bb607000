//! Removes personal data from the words: rules and the name model. Without the model nothing
//! passes.

use analysis::redact::{self, NameSpan, Profile};
use domain::{
    DataCategory, DetectorId, EntityKind, Interaction, RawTranscript, RedactedTranscript,
};
use engine::names::NameLabel;
use store::StageOutput;

use super::{Context, Engines, Fault};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context
        .may_read(&[
            DataCategory::RawContent,
            DataCategory::Contact,
            DataCategory::RedactedContent,
        ])
        .await?;
    let interaction = context.app.store.interaction(&permit).await?;
    let raw = context.app.store.raw_transcript(&permit).await?;
    let profile = profile(&interaction);
    let fields =
        super::searchable::fields(context, &permit, &interaction, &raw.language, &profile).await?;
    let redacted = context
        .engines
        .compute(move |engines| redact_transcript(engines, &raw, &profile))
        .await?;
    Ok(vec![
        StageOutput::Redacted(redacted),
        StageOutput::Fields(fields),
    ])
}

/// The tenant's profile, knowing the names of this interaction's parties.
fn profile(interaction: &Interaction) -> Profile {
    let names = interaction
        .parties
        .iter()
        .filter_map(|party| party.name.clone());
    Profile {
        known_names: names.collect(),
        ..Profile::default()
    }
}

fn redact_transcript(
    engines: &mut Engines,
    raw: &RawTranscript,
    profile: &Profile,
) -> Result<RedactedTranscript, Fault> {
    let texts = redact::turn_texts(raw);
    let asked: Vec<(usize, &str)> = texts
        .iter()
        .enumerate()
        .map(|(turn, text)| (turn, text.as_str()))
        .filter(|(_, text)| redact::needs_names(text))
        .collect();
    let spans = find_names(engines, &asked)?;
    Ok(redact::redact(raw, &spans, profile))
}

fn find_names(engines: &mut Engines, asked: &[(usize, &str)]) -> Result<Vec<NameSpan>, Fault> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let finder = engines.names()?;
    let texts: Vec<&str> = asked.iter().map(|(_, text)| *text).collect();
    let found = finder.find(&texts)?;
    let mut spans = Vec::new();
    for ((turn, _), hits) in asked.iter().zip(found) {
        for hit in hits {
            if let Some(kind) = kind_of(hit.label) {
                spans.push(NameSpan {
                    turn: *turn,
                    start: hit.start,
                    end: hit.end,
                    kind,
                    confidence: hit.confidence,
                    detector: DetectorId("name.rampart".to_owned()),
                });
            }
        }
    }
    Ok(spans)
}

/// What a label of the model removes.
const fn kind_of(label: NameLabel) -> Option<EntityKind> {
    Some(match label {
        NameLabel::GivenName | NameLabel::Surname => EntityKind::Person,
        NameLabel::Email => EntityKind::Email,
        NameLabel::Phone => EntityKind::Phone,
        NameLabel::Url => EntityKind::Url,
        NameLabel::TaxId
        | NameLabel::GovernmentId
        | NameLabel::Passport
        | NameLabel::DriversLicense => EntityKind::GovernmentId,
        NameLabel::BankAccount | NameLabel::RoutingNumber => EntityKind::BankAccount,
        NameLabel::BuildingNumber
        | NameLabel::StreetName
        | NameLabel::SecondaryAddress
        | NameLabel::City
        | NameLabel::ZipCode => EntityKind::Address,
        NameLabel::State => return None,
    })
}
