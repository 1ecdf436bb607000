//! The clauses of the hosting plane, each by its number.

use domain::{ActorKind, DataCategory as Data, Purpose, TenantRole, Timestamp};
use policy::Facts;

use crate::asking::{
    NOW, agent_who_took_part, api_key, ask, basis, in_order, person, refused, shipped,
};

const REDACTED: &[Data] = &[Data::RedactedContent, Data::InteractionMetadata];
const INTAKE: &[Data] = &[
    Data::RawContent,
    Data::Contact,
    Data::Voice,
    Data::InteractionMetadata,
];

#[test]
fn p41_nothing_on_hold_is_erased() {
    let policy = shipped();
    let officer = person(TenantRole::PrivacyOfficer);
    let held = Facts {
        on_hold: true,
        keep_until: Some(Timestamp(0)),
        ..in_order()
    };
    for who in [&officer, &ActorKind::Pipeline] {
        let outcome = ask(
            &policy,
            "erase",
            who,
            Purpose::Erasure,
            &[Data::RawContent],
            &held,
        );
        let (clauses, sentence) = refused(outcome);
        assert_eq!(clauses, ["P41"]);
        assert!(sentence.contains("legal hold"), "{sentence}");
    }
    let review = ask(
        &policy,
        "read",
        &officer,
        Purpose::Review,
        REDACTED,
        &Facts {
            keep_until: None,
            ..held
        },
    );
    assert_eq!(review.unwrap(), ["P101"]);
}

#[test]
fn p83_a_refusal_by_name_outweighs_every_grant() {
    let policy = shipped();
    let facts = Facts {
        lawful_bases: vec![
            basis("contract", &[]),
            basis(
                "consent",
                &[(Purpose::Review, true), (Purpose::Review, false)],
            ),
        ],
        ..in_order()
    };
    let analyst = person(TenantRole::Analyst);
    let (clauses, sentence) = refused(ask(
        &policy,
        "read",
        &analyst,
        Purpose::Review,
        REDACTED,
        &facts,
    ));
    assert_eq!(clauses, ["P83"]);
    assert_eq!(
        sentence,
        "a person in this interaction, or the lawful basis stated for it, refuses review"
    );
}

#[test]
fn p86_p112_the_most_restrictive_basis_wins() {
    let policy = shipped();
    let transcribe = |facts: &Facts| {
        ask(
            &policy,
            "read",
            &ActorKind::Pipeline,
            Purpose::Transcription,
            &[Data::Voice],
            facts,
        )
    };
    let with = |bases| Facts {
        lawful_bases: bases,
        ..in_order()
    };
    assert_eq!(transcribe(&in_order()).unwrap(), ["P99"]);

    let narrow = basis("consent", &[(Purpose::Storage, true)]);
    let (clauses, sentence) = refused(transcribe(&with(vec![
        basis("contract", &[]),
        narrow.clone(),
    ])));
    assert_eq!(clauses, ["P86"]);
    assert_eq!(
        sentence,
        "the lawful basis stated for this interaction does not grant transcription"
    );

    let mut ended = basis("consent", &[(Purpose::Transcription, true)]);
    ended.expires = Some(NOW);
    let (_, sentence) = refused(transcribe(&with(vec![ended])));
    assert_eq!(
        sentence,
        "a lawful basis stated for this interaction has ended"
    );

    for bases in [Vec::new(), vec![basis("because we can", &[])]] {
        let (clauses, sentence) = refused(transcribe(&with(bases)));
        assert_eq!(clauses, ["P86"]);
        assert!(
            sentence.starts_with("no lawful basis is stated"),
            "{sentence}"
        );
    }
    let uninstructed = Facts {
        instruction: None,
        ..in_order()
    };
    assert!(transcribe(&uninstructed).is_err());
}

/// The vCon draft has no word for redaction: it comes with transcription, unless refused.
#[test]
fn redaction_is_granted_with_transcription_unless_refused_by_name() {
    let policy = shipped();
    let redact = |grants: &[(Purpose, bool)]| {
        let facts = Facts {
            lawful_bases: vec![basis("consent", grants)],
            ..in_order()
        };
        ask(
            &policy,
            "read",
            &ActorKind::Pipeline,
            Purpose::Redaction,
            &[Data::RawContent],
            &facts,
        )
    };
    assert!(redact(&[(Purpose::Transcription, true)]).is_ok());
    assert!(redact(&[(Purpose::Transcription, true), (Purpose::Redaction, false)]).is_err());
    assert!(redact(&[(Purpose::Storage, true)]).is_err());
}

#[test]
fn p86_what_may_not_be_kept_can_only_be_erased() {
    let policy = shipped();
    let overdue = Facts {
        keep_until: Some(NOW),
        ..in_order()
    };
    let officer = person(TenantRole::PrivacyOfficer);
    for (action, who, purpose, data) in [
        ("read", &officer, Purpose::Review, REDACTED),
        (
            "read",
            &officer,
            Purpose::UnredactedAccess,
            &[Data::RawContent],
        ),
        ("seal", &officer, Purpose::Storage, INTAKE),
        (
            "read",
            &ActorKind::Pipeline,
            Purpose::Redaction,
            &[Data::RawContent],
        ),
    ] {
        let (clauses, sentence) = refused(ask(&policy, action, who, purpose, data, &overdue));
        assert_eq!(clauses, ["P86"]);
        assert!(sentence.contains("only be erased"), "{sentence}");
    }
    for who in [&officer, &ActorKind::Pipeline] {
        let erased = ask(
            &policy,
            "erase",
            who,
            Purpose::Erasure,
            &[Data::RawContent],
            &overdue,
        );
        assert_eq!(erased.unwrap(), ["P102"]);
    }
    let early = ask(
        &policy,
        "erase",
        &ActorKind::Pipeline,
        Purpose::Erasure,
        &[Data::RawContent],
        &in_order(),
    );
    assert_eq!(refused(early).0, ["P102", "P18"]);
}

#[test]
fn p99_what_lacks_instruction_or_subject_is_refused() {
    let policy = shipped();
    let key = api_key();
    let seal = |facts: &Facts| ask(&policy, "seal", &key, Purpose::Storage, INTAKE, facts);
    assert_eq!(seal(&in_order()).unwrap(), ["P100"]);
    let nobody = Facts {
        subjects: 0,
        ..in_order()
    };
    assert_eq!(refused(seal(&nobody)).0, ["P99"]);
    let blank = Facts {
        instruction: Some("  ".to_owned()),
        ..in_order()
    };
    let (clauses, sentence) = refused(seal(&blank));
    assert!(clauses.contains(&"P99".to_owned()), "{clauses:?}");
    assert!(!sentence.is_empty());
}

#[test]
fn each_stage_opens_only_what_it_needs() {
    let policy = shipped();
    let stage = |action, purpose, data: &[Data]| {
        ask(
            &policy,
            action,
            &ActorKind::Pipeline,
            purpose,
            data,
            &in_order(),
        )
    };
    for (action, purpose, data) in [
        (
            "read",
            Purpose::Transcription,
            &[Data::Voice, Data::RawContent][..],
        ),
        ("seal", Purpose::Transcription, &[Data::RawContent]),
        (
            "read",
            Purpose::Redaction,
            &[Data::RawContent, Data::Voice, Data::Contact],
        ),
        (
            "seal",
            Purpose::Redaction,
            &[Data::RedactedContent, Data::RedactedAudio],
        ),
        // The original without what may not be kept, beside the redacted copy.
        (
            "seal",
            Purpose::Redaction,
            &[Data::RedactedContent, Data::RawContent, Data::Contact],
        ),
        ("read", Purpose::Analysis, &[Data::RedactedContent]),
        (
            "seal",
            Purpose::Analysis,
            &[Data::RedactedContent, Data::InteractionMetadata],
        ),
    ] {
        assert_eq!(
            stage(action, purpose, data).unwrap(),
            ["P99"],
            "{action} {purpose}"
        );
    }
    for (action, purpose, data) in [
        ("read", Purpose::Analysis, Data::RawContent),
        ("read", Purpose::Analysis, Data::Voice),
        ("read", Purpose::Analysis, Data::Contact),
        ("seal", Purpose::Analysis, Data::RawContent),
        ("seal", Purpose::Transcription, Data::RedactedContent),
        ("read", Purpose::Review, Data::RedactedContent),
        ("read", Purpose::Export, Data::RedactedContent),
    ] {
        assert!(
            stage(action, purpose, &[data]).is_err(),
            "{action} {purpose} {data}"
        );
    }
    let (clauses, sentence) = refused(stage("read", Purpose::Analysis, &[Data::RawContent]));
    assert_eq!(clauses, ["P18", "P99"]);
    assert_eq!(
        sentence,
        "the pipeline may not open an interaction for analysis with words before redaction"
    );
}

#[test]
fn p100_who_brings_interactions_in_sees_only_that_they_arrived() {
    let policy = shipped();
    let key = api_key();
    let read = |data| {
        ask(
            &policy,
            "read",
            &key,
            Purpose::Storage,
            &[data],
            &in_order(),
        )
    };
    assert_eq!(read(Data::InteractionMetadata).unwrap(), ["P100"]);
    for data in [
        Data::RawContent,
        Data::Voice,
        Data::Contact,
        Data::RedactedContent,
    ] {
        assert!(read(data).is_err(), "{data}");
    }
}

#[test]
fn p101_the_operator_gets_no_content() {
    let policy = shipped();
    for purpose in Purpose::ALL {
        for action in ["read", "seal", "find", "erase", "disclose"] {
            for data in Data::ALL {
                let (clauses, _) = refused(ask(
                    &policy,
                    action,
                    &ActorKind::OperatorAdmin,
                    *purpose,
                    &[*data],
                    &in_order(),
                ));
                assert!(
                    clauses.contains(&"P101".to_owned()),
                    "{action} {purpose} {clauses:?}"
                );
            }
        }
    }
}

#[test]
fn an_agent_opens_only_their_own() {
    let policy = shipped();
    let review =
        |who: &ActorKind| ask(&policy, "read", who, Purpose::Review, REDACTED, &in_order());
    assert_eq!(review(&agent_who_took_part()).unwrap(), ["P101"]);
    let (clauses, sentence) = refused(review(&person(TenantRole::Agent)));
    assert_eq!(clauses, ["P101", "P18"]);
    assert_eq!(
        sentence,
        "an agent may open only interactions that they took part in"
    );
    let list = ask(
        &policy,
        "find",
        &agent_who_took_part(),
        Purpose::Review,
        REDACTED,
        &in_order(),
    );
    // The list itself holds only their own: `store` cuts it by the permit's actor.
    assert_eq!(list.unwrap(), ["P101"]);
}

/// Remarks on words, judging how somebody handled them, and answering to it are three rights.
#[test]
fn what_people_write_about_a_conversation_is_theirs_by_role() {
    let policy = shipped();
    let remark = &[Data::RedactedContent];
    let judge = &[Data::RedactedContent, Data::InteractionMetadata];
    let answer = &[Data::InteractionMetadata];
    let may = |who: &ActorKind, data: &[Data]| {
        ask(&policy, "seal", who, Purpose::Review, data, &in_order()).is_ok()
    };
    for role in [TenantRole::Owner, TenantRole::Coach] {
        assert!(may(&person(role), judge) && may(&person(role), remark));
    }
    for role in [TenantRole::Analyst, TenantRole::PrivacyOfficer] {
        assert!(may(&person(role), remark) && !may(&person(role), judge));
    }
    let agent = agent_who_took_part();
    assert!(may(&agent, answer) && !may(&agent, remark) && !may(&agent, judge));
    assert!(
        !may(&person(TenantRole::Agent), answer),
        "another's interaction"
    );
    for who in [
        ActorKind::OperatorAdmin,
        ActorKind::Pipeline,
        person(TenantRole::Integrator),
    ] {
        assert!(!may(&who, remark), "{who:?}");
    }
}

#[test]
fn unredacted_access_and_erasure_are_the_privacy_officers() {
    let policy = shipped();
    let raw = &[Data::RawContent, Data::Voice, Data::Contact];
    for role in [
        TenantRole::Owner,
        TenantRole::Analyst,
        TenantRole::Coach,
        TenantRole::Agent,
        TenantRole::Integrator,
        TenantRole::PrivacyOfficer,
    ] {
        let who = person(role);
        let opened = ask(
            &policy,
            "read",
            &who,
            Purpose::UnredactedAccess,
            raw,
            &in_order(),
        );
        let erased = ask(&policy, "erase", &who, Purpose::Erasure, raw, &in_order());
        if role == TenantRole::PrivacyOfficer {
            assert_eq!(opened.unwrap(), ["P102"]);
            assert_eq!(erased.unwrap(), ["P102"]);
        } else {
            assert_eq!(refused(opened).0, ["P18"], "{role}");
            assert_eq!(refused(erased).0, ["P18"], "{role}");
        }
        // Not even they under another purpose.
        assert!(ask(&policy, "read", &who, Purpose::Review, raw, &in_order()).is_err());
    }
}

#[test]
fn p103_p104_training_improvement_and_resale_are_refused_by_name() {
    let policy = shipped();
    for (purpose, clause) in [
        (Purpose::ModelTraining, "P103"),
        (Purpose::ProductImprovement, "P103"),
        (Purpose::Resale, "P104"),
    ] {
        for who in [
            person(TenantRole::Owner),
            person(TenantRole::PrivacyOfficer),
            api_key(),
            ActorKind::Pipeline,
        ] {
            for action in ["read", "seal", "find", "erase"] {
                let outcome = ask(&policy, action, &who, purpose, REDACTED, &in_order());
                let (clauses, sentence) = refused(outcome);
                assert_eq!(clauses, [clause], "{action}");
                assert!(sentence.contains("never"), "{sentence}");
            }
        }
    }
}

#[test]
fn a_question_without_data_is_refused() {
    let policy = shipped();
    let owner = person(TenantRole::Owner);
    let (clauses, _) = refused(ask(
        &policy,
        "read",
        &owner,
        Purpose::Review,
        &[],
        &in_order(),
    ));
    assert_eq!(clauses, ["P18"]);
}
