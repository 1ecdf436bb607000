//! The policy in other people's machine forms: fideslang, the Data Privacy Vocabulary, GPC.

use std::collections::BTreeSet;

use domain::{DataCategory, Purpose};
use serde_json::{Value, json};

use crate::Policy;
use crate::document::{Effect, PurposeEntry};

/// Keys of our data categories that fideslang's default taxonomy does not have.
const OWN_CATEGORIES: &[&str] = &[
    "user.behavior.interaction",
    "user.content.redacted",
    "user.content.redacted_audio",
];

/// A fideslang manifest: our own data categories, and one system with a privacy declaration for
/// each purpose that some rule permits. YAML by way of JSON, which it contains.
#[must_use]
pub fn fideslang(policy: &Policy) -> String {
    let own: Vec<Value> = OWN_CATEGORIES
        .iter()
        .map(|key| {
            json!({
                "fides_key": key,
                "name": policy.noun_of(key),
                "parent_key": key.rsplit_once('.').map(|(parent, _)| parent),
            })
        })
        .collect();
    let declarations: Vec<Value> = permitted(policy)
        .map(|(purpose, categories)| {
            json!({
                "name": purpose.key,
                "data_use": purpose.fideslang,
                "data_categories": keys(&categories),
                "data_subjects": ["customer", "employee"],
                "retention_period": "see the policy's table; the tenant may set less",
                "data_shared_with_third_parties": leaves(policy, purpose),
            })
        })
        .collect();
    let manifest = json!({
        "data_category": own,
        "system": [{
            "fides_key": "privity_hosting",
            "name": policy.head().title,
            "description": format!("policy version {}", policy.version()),
            "system_type": "Service",
            "privacy_declarations": declarations,
        }],
    });
    format!(
        "# Rendered from policy version {}\n{manifest:#}\n",
        policy.version()
    )
}

/// The permitted processing as JSON-LD in the Data Privacy Vocabulary.
#[must_use]
pub fn dpv(policy: &Policy) -> String {
    let processes: Vec<Value> = permitted(policy)
        .map(|(purpose, categories)| {
            json!({
                "@id": format!("urn:privity:purpose:{}", purpose.key),
                "@type": "dpv:Process",
                "dct:description": purpose.means,
                "dpv:hasPurpose": {"@id": purpose.dpv},
                "dpv:hasPersonalData": categories
                    .iter()
                    .map(|category| json!({
                        "@id": format!("urn:privity:data:{category}"),
                        "@type": "dpv:PersonalData",
                        "dct:title": policy.noun_of_category(*category),
                    }))
                    .collect::<Vec<Value>>(),
            })
        })
        .collect();
    let recipients: Vec<Value> = policy
        .recipients()
        .iter()
        .map(|recipient| {
            json!({
                "@id": format!("urn:privity:recipient:{}", recipient.kind),
                "@type": "dpv:Recipient",
                "dct:title": recipient.noun,
                "dct:conformsTo": recipient.bound_by,
                "urn:privity:p3p-recipient": recipient.p3p,
            })
        })
        .collect();
    let notice = json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            "dct": "http://purl.org/dc/terms/",
        },
        "@id": format!("urn:sha256:{}", policy.version()),
        "@type": "dpv:PrivacyNotice",
        "dct:title": policy.head().title,
        "dct:valid": policy.head().effective_from.to_string(),
        "dpv:hasProcess": processes,
        "dpv:hasRecipient": recipients,
    });
    format!("{notice:#}\n")
}

/// `/.well-known/gpc.json`: true only where a clause that is in force promises to heed the
/// signal.
#[must_use]
pub fn gpc(policy: &Policy) -> String {
    let heeded = policy
        .clauses()
        .iter()
        .any(|clause| clause.unbacked.is_none() && clause.does.iter().any(|act| act == "heed_gpc"));
    let support = json!({
        "gpc": heeded,
        "lastUpdate": policy.head().effective_from.to_string(),
    });
    format!("{support}\n")
}

/// Whether some rule permits data to leave for a purpose.
fn leaves(policy: &Policy, purpose: &PurposeEntry) -> bool {
    let rules = policy.clauses().iter().flat_map(|clause| &clause.rules);
    rules
        .filter(|rule| rule.effect == Effect::Permit)
        .filter(|rule| rule.purposes.iter().any(|named| named.key() == purpose.key))
        .any(|rule| rule.action.iter().any(|action| action == "disclose"))
}

/// Each purpose that some rule permits, with the data it is permitted to touch.
fn permitted(policy: &Policy) -> impl Iterator<Item = (&PurposeEntry, BTreeSet<DataCategory>)> {
    policy.purposes().iter().filter_map(|entry| {
        let purpose: Purpose = entry.key.parse().ok()?;
        let mut touched = BTreeSet::new();
        for rule in policy.clauses().iter().flat_map(|clause| &clause.rules) {
            if rule.effect == Effect::Permit && rule.purposes.contains(&purpose) {
                let all = rule.categories.is_empty();
                touched.extend(if all {
                    DataCategory::ALL
                } else {
                    &rule.categories
                });
            }
        }
        (!touched.is_empty()).then_some((entry, touched))
    })
}

fn keys(categories: &BTreeSet<DataCategory>) -> Vec<&'static str> {
    categories.iter().map(|category| category.key()).collect()
}
