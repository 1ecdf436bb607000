//! What the pages call the kinds and states that the program knows by key.

use domain::{Channel, Direction};

use crate::{Say, t};

pub(crate) const fn channel(channel: Channel) -> Say {
    match channel {
        Channel::Voice => t("names-voice"),
        Channel::Chat => t("names-chat"),
        Channel::Email => t("names-email"),
    }
}

pub(crate) const fn direction(direction: Direction) -> Say {
    match direction {
        Direction::Inbound => t("names-inbound"),
        Direction::Outbound => t("names-outbound"),
        Direction::Unknown => t("names-unknown"),
    }
}

/// How far an interaction is, from its status as `app::Summary::status_text` has it: a key, with
/// the clauses behind it in parentheses where the policy stopped it.
pub(crate) fn status(text: &str) -> String {
    let said = match text {
        "waiting" => t("names-waiting"),
        "processing" => t("names-processing"),
        "open" => t("names-open"),
        "ready" => t("names-ready"),
        "failed" => t("names-failed"),
        "stopped" => t("names-stopped"),
        "erasing" => t("names-erasing"),
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
