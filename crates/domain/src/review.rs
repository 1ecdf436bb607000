//! What a tenant's people do with interactions beside reading them: noting moments, judging by
//! forms, coaching. The words of its states; what people write stays sealed elsewhere.

use std::fmt;
use std::str::FromStr;

use crate::IdError;

keyed_enum! {
    /// What stands at a moment of an interaction.
    MomentKind {
        /// Something somebody says about it.
        Comment = "comment",
        /// A place to come back to.
        Bookmark = "bookmark",
        /// A label of the moment.
        Tag = "tag",
    }
}

keyed_enum! {
    /// What somebody who was scored says to a filled form, and what becomes of it.
    AnswerStep {
        /// Filled in.
        Filled = "filled",
        /// The agent has read it.
        Acknowledged = "acknowledged",
        /// The agent disagrees, and says why.
        Disputed = "disputed",
        /// After a dispute: it stays as it is.
        Upheld = "upheld",
        /// After a dispute: it no longer counts.
        Withdrawn = "withdrawn",
    }
}

impl AnswerStep {
    /// Whether what was judged counts.
    #[must_use]
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Withdrawn)
    }

    /// Whether one may follow the other.
    #[must_use]
    pub const fn leads_to(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Filled | Self::Upheld, Self::Acknowledged)
                | (Self::Filled | Self::Acknowledged, Self::Disputed)
                | (Self::Disputed, Self::Upheld | Self::Withdrawn)
        )
    }
}

keyed_enum! {
    /// What happens to a part of an interaction that somebody was asked to listen to.
    AssignmentStep {
        /// Asked.
        Assigned = "assigned",
        /// They listened to it.
        Listened = "listened",
        /// They take it on.
        Acknowledged = "acknowledged",
        /// They disagree, and say why.
        Disputed = "disputed",
        /// It went on to somebody else.
        Forwarded = "forwarded",
        /// Done with.
        Completed = "completed",
    }
}

impl AssignmentStep {
    /// Whether one may follow the other.
    #[must_use]
    pub const fn leads_to(self, next: Self) -> bool {
        match (self, next) {
            (Self::Completed, _) | (_, Self::Assigned) => false,
            (Self::Assigned | Self::Forwarded, Self::Listened)
            | (_, Self::Forwarded | Self::Completed) => true,
            (Self::Acknowledged, Self::Acknowledged) | (Self::Disputed, Self::Disputed) => false,
            (_, Self::Acknowledged | Self::Disputed) => true,
            (_, Self::Listened) => false,
        }
    }

    /// Whether it still waits for somebody.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Completed)
    }
}

keyed_enum! {
    /// Why somebody is shown a part of an interaction.
    Lesson {
        /// It went well: an example for others.
        Praise = "praise",
        /// It could go better.
        Improve = "improve",
    }
}

keyed_enum! {
    /// Whether judgements are still being made blind.
    Judged {
        /// Each sees their own only.
        Open = "open",
        /// All are seen, with their agreement.
        Closed = "closed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_each_other_as_people_take_them() {
        use AssignmentStep as A;
        for (from, to) in [
            (A::Assigned, A::Listened),
            (A::Assigned, A::Acknowledged),
            (A::Listened, A::Disputed),
            (A::Disputed, A::Acknowledged),
            (A::Disputed, A::Completed),
            (A::Forwarded, A::Listened),
        ] {
            assert!(from.leads_to(to), "{from} {to}");
        }
        for (from, to) in [
            (A::Completed, A::Listened),
            (A::Completed, A::Completed),
            (A::Listened, A::Listened),
            (A::Disputed, A::Disputed),
            (A::Listened, A::Assigned),
        ] {
            assert!(!from.leads_to(to), "{from} {to}");
        }
        use AnswerStep as F;
        assert!(F::Filled.leads_to(F::Disputed) && F::Disputed.leads_to(F::Withdrawn));
        assert!(!F::Withdrawn.leads_to(F::Disputed) && !F::Disputed.leads_to(F::Acknowledged));
        assert!(F::Disputed.counts() && !F::Withdrawn.counts());
    }
}
