//! What redaction promises, on the project's samples and on what callers say.

#[cfg(test)]
#[path = "redaction/talk.rs"]
mod talk;

#[cfg(test)]
#[path = "redaction/samples.rs"]
mod samples;

#[cfg(test)]
#[path = "redaction/spoken.rs"]
mod spoken;

#[cfg(test)]
#[path = "redaction/properties.rs"]
mod properties;

#[cfg(test)]
#[path = "redaction/rates.rs"]
mod rates;

/// What is left of lines of talk under the default profile.
#[cfg(test)]
fn left_of(lines: &[(u8, &str)]) -> String {
    use analysis::redact::{self, Profile};
    talk::read(&redact::redact(
        &talk::transcript(lines),
        &[],
        &Profile::default(),
    ))
}
