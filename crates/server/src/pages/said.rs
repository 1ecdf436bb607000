//! What the pages call the kinds and states that the program knows by key.

use domain::{Channel, Direction};

use crate::{Say, say, t};

pub(crate) const fn channel(channel: Channel) -> Say {
    match channel {
        Channel::Voice => say("names-voice"),
        Channel::Chat => say("names-chat"),
        Channel::Email => say("names-email"),
    }
}

pub(crate) const fn direction(direction: Direction) -> Say {
    match direction {
        Direction::Inbound => say("names-inbound"),
        Direction::Outbound => say("names-outbound"),
        Direction::Unknown => say("names-unknown"),
    }
}

/// How far an interaction is, from its status as `app::Summary::status_text` has it: a key, with
/// the clauses behind it in parentheses where the policy stopped it.
pub(crate) fn status(text: &str) -> String {
    let said = match text {
        "waiting" => say("names-waiting"),
        "processing" => say("names-processing"),
        "open" => say("names-open"),
        "ready" => say("names-ready"),
        "failed" => say("names-failed"),
        "stopped" => say("names-stopped"),
        "erasing" => say("names-erasing"),
        other => {
            let clauses = other.strip_prefix("stopped (");
            let clauses = clauses.and_then(|rest| rest.strip_suffix(')'));
            return clauses.map_or_else(
                || other.to_owned(),
                |clauses| t("names-stopped-by").a("clauses", clauses).to_string(),
            );
        }
    };
    said.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_keeps_the_clauses_that_stopped_it() {
        assert_eq!(status("ready"), "ready");
        assert_eq!(status("stopped (P18, P86)"), "stopped (P18, P86)");
        assert_eq!(status("something else"), "something else");
    }
}
