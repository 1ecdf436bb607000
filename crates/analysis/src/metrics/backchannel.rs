//! Words that say "I am listening" and take no turn.

/// The back-channels, as compared: lower case, no punctuation. Overtalk made of nothing else is
/// no overtalk, and none of them ends another speaker's monologue.
pub const BACK_CHANNELS: &[&str] = &[
    "ah", "aha", "hm", "hmm", "huh", "mhm", "mm", "mmhm", "mmhmm", "mm-hmm", "mm-hm", "mmm", "oh",
    "okay", "ok", "right", "sure", "uh", "uh-huh", "uhhuh", "um", "umm", "yeah", "yep", "yes",
    "yup",
];

/// Whether a word, punctuation and case aside, is a back-channel.
#[must_use]
pub fn is_back_channel(word: &str) -> bool {
    let bare = word
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    BACK_CHANNELS.contains(&bare.as_str())
}
