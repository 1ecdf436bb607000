//! Dual mono, dead channels and real stereo are told apart.

mod sound;

use engine::audio::{AudioWarning, ChannelPlan, Limits, decode, encode_wav, judge};
use sound::{mix, recording, voice};

const RATE: u32 = 8_000;

fn both() -> (Vec<f32>, Vec<f32>) {
    (voice(1, RATE, 12), voice(2, RATE, 12))
}

#[test]
fn two_voices_are_two_speakers_even_with_bleed() {
    let (a, b) = both();
    for bleed in [0.0, 0.05, 0.2] {
        let audio = recording(RATE, vec![mix(&a, &b, bleed, 0), mix(&b, &a, bleed, 200)]);
        assert_eq!(judge(&audio), ChannelPlan::Separate(vec![0, 1]), "{bleed}");
    }
}

#[test]
fn a_quiet_party_is_still_a_party() {
    let (a, b) = both();
    let quiet = b.iter().map(|x| x * 0.03).collect();
    assert_eq!(
        judge(&recording(RATE, vec![a, quiet])),
        ChannelPlan::Separate(vec![0, 1])
    );
}

#[test]
fn the_same_sound_on_both_channels_is_one_track_of_the_louder() {
    let (a, b) = both();
    let one = mix(&a, &b, 1.0, 0);
    let quieter: Vec<f32> = one.iter().map(|x| x * -0.5).collect();
    let late = mix(&vec![0.0; one.len()], &one, 0.9, 12);
    assert_eq!(
        judge(&recording(RATE, vec![one.clone(), one.clone()])),
        ChannelPlan::Mixed(1)
    );
    assert_eq!(
        judge(&recording(RATE, vec![quieter, one.clone()])),
        ChannelPlan::Mixed(1)
    );
    assert_eq!(
        judge(&recording(RATE, vec![one, late])),
        ChannelPlan::Mixed(0)
    );
}

#[test]
fn a_dead_channel_is_left_out_and_named() {
    let (a, b) = both();
    let hiss: Vec<f32> = voice(9, RATE, 12).iter().map(|x| x * 0.000_5).collect();
    let mut click = vec![0.0; a.len()];
    click[700] = 0.9;
    for dead in [vec![0.0; a.len()], hiss, click, vec![0.02; a.len()]] {
        assert_eq!(
            judge(&recording(RATE, vec![dead, a.clone()])),
            ChannelPlan::Mixed(1)
        );
    }
    let three = recording(RATE, vec![a.clone(), vec![0.0; a.len()], b]);
    assert_eq!(judge(&three), ChannelPlan::Separate(vec![0, 2]));
    let decoded = decode(&encode_wav(&three), &Limits::default()).unwrap();
    assert_eq!(
        decoded.warnings,
        [AudioWarning::SilentChannel { channel: 1 }]
    );
}

#[test]
fn silence_and_dual_mono_are_warned_of_at_decoding() {
    let silent = encode_wav(&recording(RATE, vec![vec![0.0; 8_000]; 2]));
    let decoded = decode(&silent, &Limits::default()).unwrap();
    assert_eq!(judge(&decoded), ChannelPlan::Silent);
    assert_eq!(decoded.warnings, [AudioWarning::AllSilent]);
    let (a, _) = both();
    let dual = encode_wav(&recording(RATE, vec![a.clone(), a]));
    assert_eq!(
        decode(&dual, &Limits::default()).unwrap().warnings,
        [AudioWarning::DualMono]
    );
}
