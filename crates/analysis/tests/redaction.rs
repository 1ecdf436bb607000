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
#[path = "redaction/secrets.rs"]
mod secrets;
