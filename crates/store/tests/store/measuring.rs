//! Sums for the overview and labels, on both engines.

use domain::{
    Channel, EntityKind, GapStats, InteractionId, MetricSettings, Metrics, Millis, PartyIndex,
    PartyMetrics, Ratio, Secret, Sentiment, SpeakerLabel, Stage, Tone,
};
use store::{ListFilter, Page, Reached, StageOutput};

use crate::on_every_engine;
use crate::world::World;

on_every_engine! {
    sums_lists_and_counts_agree,
    labels_are_put_found_and_taken_off,
}

fn metrics(silence: Millis, gap: Millis) -> Metrics {
    Metrics {
        duration: Millis(60_000),
        talk: Millis(40_000),
        silence,
        longest_silence: silence,
        silences: Vec::new(),
        overtalk: Millis::ZERO,
        overtalks: Vec::new(),
        talk_ratio: Ratio(Some(0.5)),
        sentiment: (silence > Millis::ZERO).then_some(Sentiment {
            overall: Tone(-400),
            quarters: [Some(Tone(100)), None, None, Some(Tone(-900))],
            turns: 4,
        }),
        parties: vec![PartyMetrics {
            speaker: SpeakerLabel::Agent,
            party: PartyIndex(0),
            talk: Millis(20_000),
            words: 50,
            words_per_minute: None,
            longest_monologue: Millis(5_000),
            question_rate: Ratio(None),
            turns: 4,
            response_gap: GapStats {
                count: 2,
                first: Some(gap),
                mean: Some(gap),
                longest: Some(gap),
            },
        }],
        settings: MetricSettings::default(),
    }
}

/// A processed interaction with these numbers.
pub(crate) async fn measured(world: &World, silence: Millis, gap: Millis) -> InteractionId {
    let unlike_every_other = world.new_id().to_string();
    let id = world.chat(world.tenant.id, &[&unlike_every_other]).await;
    while let Some(lease) = world.store.lease("worker", Millis(60_000)).await.unwrap() {
        let output = if lease.stage == Stage::Measure {
            StageOutput::Metrics(metrics(silence, gap))
        } else {
            StageOutput::Nothing {
                reason: "nothing to do".to_owned(),
            }
        };
        world.finish(&lease, vec![output]).await;
    }
    id
}

async fn sums_lists_and_counts_agree(world: World) {
    let tenant = world.tenant.id;
    let one = measured(&world, Millis(4_000), Millis(1_000)).await;
    let two = measured(&world, Millis::ZERO, Millis(3_000)).await;
    let find = world.find(tenant);
    let all = ListFilter::default();
    let sums = world.store.day_sums(&find, &all).await.unwrap();
    let counted: u64 = sums.iter().map(|sum| sum.count).sum();
    assert_eq!(counted, 2);
    assert_eq!(world.store.count(&find, &all).await.unwrap(), 2);
    let ready = ListFilter {
        reached: Some(Reached::Ready),
        ..ListFilter::default()
    };
    assert_eq!(world.store.count(&find, &ready).await.unwrap(), 2);
    let sum = sums[0];
    let listed = world
        .store
        .list(&find, &ready, &Page::default())
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
    assert!(
        [one, two]
            .iter()
            .all(|id| listed.iter().any(|row| row.id == *id))
    );
    assert_eq!(sum.ready, sum.count);
    assert_eq!(sum.failed + sum.stopped, 0);
    let length: u64 = listed
        .iter()
        .filter_map(|row| row.duration)
        .map(|d| d.0)
        .sum();
    let summed: u64 = sums.iter().map(|sum| sum.duration.0).sum();
    assert_eq!(summed, length);
    assert_eq!(sum.measured, 2);
    assert_eq!((sum.talk, sum.silence), (Millis(80_000), Millis(4_000)));
    assert_eq!((sum.silent, sum.overtalked), (1, 0));
    assert_eq!((sum.toned, sum.tone), (1, -400));
    assert_eq!((sum.gaps, sum.gap_time), (4, Millis(8_000)));
    assert_eq!(sum.gap_longest, Millis(3_000));
    let listed_by = async |filter: ListFilter| {
        let rows = world
            .store
            .list(&find, &filter, &Page::default())
            .await
            .unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let silent = ListFilter {
        silence: Some(Millis(3_000)),
        ..ListFilter::default()
    };
    assert_eq!(
        listed_by(silent).await,
        [one],
        "what the figure counts is what it opens"
    );
    let bad = ListFilter {
        sentiment: Some(Tone::NEGATIVE),
        ..ListFilter::default()
    };
    assert_eq!(listed_by(bad).await, [one]);
    let slow = ListFilter {
        gap: Some(Millis(2_000)),
        ..ListFilter::default()
    };
    assert_eq!(listed_by(slow).await, [two]);

    world.ready(tenant, &["[CARD]", "refund"]).await;
    let listed = world
        .store
        .list(&find, &all, &Page::default())
        .await
        .unwrap();
    for kind in listed.iter().flat_map(|row| row.redactions.keys()) {
        let of_kind = ListFilter {
            redacted: Some(*kind),
            ..ListFilter::default()
        };
        let (spans, interactions) = world.store.redaction_sums(&find, &all).await.unwrap()[kind];
        assert_eq!(
            world.store.count(&find, &of_kind).await.unwrap(),
            interactions
        );
        assert!(spans >= interactions);
    }
    for nothing in [
        ListFilter {
            channel: Some(Channel::Email),
            reached: Some(Reached::Failed),
            ..ListFilter::default()
        },
        ListFilter {
            redacted: Some(EntityKind::Card),
            until: Some(domain::Timestamp(0)),
            ..ListFilter::default()
        },
        ListFilter {
            silence: Some(Millis(u64::MAX)),
            ..ListFilter::default()
        },
        ListFilter {
            overtalk: Some(Millis(u64::MAX)),
            ..ListFilter::default()
        },
        ListFilter {
            gap: Some(Millis(u64::MAX)),
            ..ListFilter::default()
        },
    ] {
        assert_eq!(
            world.store.count(&find, &nothing).await.unwrap(),
            0,
            "{nothing:?}"
        );
    }
}

async fn labels_are_put_found_and_taken_off(world: World) {
    let tenant = world.tenant.id;
    let id = world.ready(tenant, &["parcel"]).await;
    world.ready(tenant, &["refund"]).await;
    let (review, find) = (world.review(tenant, id), world.find(tenant));
    let label = Secret::new("Ring back");
    world.store.add_tag(&review, &label).await.unwrap();
    world
        .store
        .add_tag(&review, &Secret::new("ring BACK"))
        .await
        .unwrap();
    let tags = world.store.tags(&find).await.unwrap();
    assert_eq!(tags.len(), 1, "however it is written, it is one");
    assert_eq!((tags[0].label.expose(), tags[0].count), ("Ring back", 1));
    let bearing = ListFilter {
        tags: vec![tags[0].key.clone()],
        ..ListFilter::default()
    };
    let listed = world
        .store
        .list(&find, &bearing, &Page::default())
        .await
        .unwrap();
    assert_eq!(listed.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
    world.store.remove_tag(&review, &tags[0].key).await.unwrap();
    assert!(world.store.tags(&find).await.unwrap().is_empty());
}
