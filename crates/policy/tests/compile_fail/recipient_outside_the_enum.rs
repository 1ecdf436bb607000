//! Recipients are of closed kinds: another one is a new version of the program and of the policy.

use domain::RecipientKind;

fn kind(text: &str) -> RecipientKind {
    match text {
        "advertiser" => RecipientKind::Advertiser,
        _ => RecipientKind::Other(text.to_owned()),
    }
}

fn main() {
    let _ = kind("advertiser");
}
