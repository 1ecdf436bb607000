//! A vCon party, with the contact-centre extension's role.

use domain::{Party, Role, Secret};

use crate::incoming::role;
use crate::json::Node;
use crate::{FormatError, Hints};

pub(super) fn read(node: &Node<'_>, hints: &Hints) -> Result<Party, FormatError> {
    node.object()?;
    let declared = match (node.text_at("role").map(role), node.text_at("type")) {
        (Some(Role::Unknown) | None, Some("bot")) => Role::Bot,
        (declared, _) => declared.unwrap_or(Role::Unknown),
    };
    let mut party = Party {
        role: Role::Unknown,
        name: node.secret("name"),
        tel: address(node, "tel", "tel:").or_else(|| address(node, "sip", "sip:")),
        mailto: address(node, "mailto", "mailto:"),
        id: node.secret("uuid"),
    };
    party.role = hints.role(declared, &party);
    Ok(party)
}

/// The address with or without its URI scheme.
fn address(node: &Node<'_>, key: &str, scheme: &str) -> Option<Secret> {
    let found = node.secret(key)?;
    let text = found.expose();
    let bare = match text.get(..scheme.len()) {
        Some(head) if head.eq_ignore_ascii_case(scheme) => text.get(scheme.len()..),
        _ => None,
    };
    Some(bare.map_or_else(|| found.clone(), Secret::new))
}
