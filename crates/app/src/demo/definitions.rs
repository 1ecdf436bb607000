//! What the demo tenant asks of every interaction.

/// Categories, a scorecard, alerts and a form, as files would hold them.
pub const DEFINITIONS: &[&str] = &[
    include_str!("definitions/charged_twice.toml"),
    include_str!("definitions/bill.toml"),
    include_str!("definitions/late.toml"),
    include_str!("definitions/cancel.toml"),
    include_str!("definitions/sign_in.toml"),
    include_str!("definitions/broken.toml"),
    include_str!("definitions/appointment.toml"),
    include_str!("definitions/moving.toml"),
    include_str!("definitions/outage.toml"),
    include_str!("definitions/quality.toml"),
    include_str!("definitions/supervisor.toml"),
    include_str!("definitions/poor_service.toml"),
    include_str!("definitions/call_review.toml"),
];

#[cfg(test)]
mod tests {
    use super::DEFINITIONS;

    #[test]
    fn every_definition_can_be_taken_in() {
        for text in DEFINITIONS {
            crate::definitions::text::parse(text).unwrap();
        }
    }
}
