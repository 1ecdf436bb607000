//! A removed stretch is gone to the sample, where it was said and where it bled to.

mod sound;

use domain::{Millis, Span};
use engine::audio::{Cut, Fill, remove};
use proptest::prelude::*;
use sound::{mix, recording, voice};

const RATE: u32 = 8_000;

fn cut(channel: Option<u16>, start: u64, end: u64) -> Cut {
    Cut {
        channel,
        span: Span::between(Millis(start), Millis(end)),
    }
}

#[test]
fn nothing_inside_stays_and_nothing_far_away_changes() {
    let (a, b) = (voice(3, RATE, 6), voice(4, RATE, 6));
    let mut audio = recording(RATE, vec![a.clone(), b.clone()]);
    remove(&mut audio, &[cut(Some(0), 2_000, 3_000)], Fill::Silence);
    assert!(audio.channels[0][16_000..24_000].iter().all(|x| *x == 0.0));
    assert_eq!(audio.channels[0][..15_960], a[..15_960]);
    assert_eq!(audio.channels[0][24_040..], a[24_040..]);
    assert_eq!(audio.channels[1], b, "another voice at the same time stays");
}

#[test]
fn the_sound_beside_a_cut_fades() {
    let mut audio = recording(RATE, vec![vec![0.5; 8_000]]);
    remove(&mut audio, &[cut(None, 500, 600)], Fill::Silence);
    let before = &audio.channels[0][3_960..4_000];
    assert!(
        before.windows(2).all(|w| w[1] <= w[0]) && before[39] == 0.0,
        "{before:?}"
    );
    let after = &audio.channels[0][4_800..4_840];
    assert!(
        after.windows(2).all(|w| w[1] >= w[0]) && after[0] == 0.0,
        "{after:?}"
    );
}

#[test]
fn a_stretch_that_bleeds_into_another_channel_goes_there_too() {
    let (a, b) = (voice(5, RATE, 8), voice(6, RATE, 8));
    // Heard 25 dB down and 120 ms late, while the other keeps quiet and while they speak.
    for (own, gain) in [(0.0, 0.06), (0.25, 0.5)] {
        let quiet: Vec<f32> = b.iter().map(|x| x * own).collect();
        let other = mix(&quiet, &a, gain, 960);
        let mut audio = recording(RATE, vec![a.clone(), other]);
        remove(&mut audio, &[cut(Some(0), 3_000, 5_000)], Fill::Silence);
        let echo = &audio.channels[1][24_000..40_960];
        assert!(echo.iter().all(|x| *x == 0.0), "own {own}, gain {gain}");
    }
}

#[test]
fn an_echo_path_is_believed_where_the_other_talks_over_it() {
    // Turns of three seconds; from 12 s on both talk. The echo is 18 dB down and 40 ms late.
    let (a, b) = (voice(11, RATE, 18), voice(12, RATE, 18));
    let seconds = |n: usize| n / sound::frames(RATE, 1_000);
    let turn = |n: usize| seconds(n) / 3 % 2;
    let speaks = |voice: &[f32], own: usize| -> Vec<f32> {
        let keep = |n: usize| seconds(n) >= 12 || turn(n) == own;
        voice
            .iter()
            .enumerate()
            .map(|(n, x)| if keep(n) { *x } else { 0.0 })
            .collect()
    };
    let (a, b) = (speaks(&a, 0), speaks(&b, 1));
    let late = sound::frames(RATE, 40);
    let mut audio = recording(RATE, vec![a.clone(), mix(&b, &a, 0.125, late)]);
    remove(&mut audio, &[cut(Some(0), 14_000, 15_000)], Fill::Silence);
    let end = sound::frames(RATE, 15_000) + late;
    assert!(
        audio.channels[1][sound::frames(RATE, 14_000)..end]
            .iter()
            .all(|x| *x == 0.0)
    );
    let mut audio = recording(RATE, vec![a, b.clone()]);
    remove(&mut audio, &[cut(Some(0), 14_000, 15_000)], Fill::Silence);
    assert_eq!(
        audio.channels[1], b,
        "without an echo the other's words stay"
    );
}

#[test]
fn a_tone_stands_in_the_cut_channel_only() {
    let a = voice(7, RATE, 4);
    let mut audio = recording(RATE, vec![a.clone(), a]);
    remove(&mut audio, &[cut(Some(1), 1_000, 2_000)], Fill::Tone);
    let loudest = audio.channels[1][8_000..16_000]
        .iter()
        .fold(0f32, |most, x| most.max(x.abs()));
    assert!((0.05..0.15).contains(&loudest), "{loudest}");
    assert!((sound::pitch(&audio.channels[1][8_000..16_000], RATE) - 1_000.0).abs() < 5.0);
    assert!(audio.channels[0][8_000..16_000].iter().all(|x| *x == 0.0));
}

#[test]
fn a_cut_on_a_channel_that_is_not_there_cuts_everywhere() {
    let mut audio = recording(RATE, vec![vec![0.5; 8_000]; 2]);
    remove(&mut audio, &[cut(Some(9), 0, 10_000)], Fill::Silence);
    assert!(audio.channels.iter().flatten().all(|x| *x == 0.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_sample_of_every_cut_is_replaced(
        cuts in proptest::collection::vec((0u64..1_200, 0u64..400, prop::option::of(0u16..3)), 0..6),
        rate in prop::sample::select(vec![8_000u32, 11_025, 16_000, 44_100]),
    ) {
        let length = sound::frames(rate, 1_000);
        let mut audio = recording(rate, vec![vec![0.25; length], vec![0.25; length]]);
        let cuts: Vec<Cut> = cuts.iter().map(|(at, by, channel)| cut(*channel, *at, at + by)).collect();
        remove(&mut audio, &cuts, Fill::Silence);
        for (number, channel) in audio.channels.iter().enumerate() {
            prop_assert_eq!(channel.len(), length);
            for cut in &cuts {
                let here = cut.channel.is_none_or(|c| usize::from(c) == number || c > 1);
                let start = usize::try_from(cut.span.start().0 * u64::from(rate) / 1_000).unwrap();
                let end = usize::try_from(cut.span.end().0 * u64::from(rate) / 1_000).unwrap();
                if here {
                    let inside = channel.get(start.min(length)..end.min(length)).unwrap();
                    prop_assert!(inside.iter().all(|x| *x == 0.0));
                }
            }
        }
    }
}
