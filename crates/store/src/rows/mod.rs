//! One module per table; raw ids and numbers live here and nowhere else.

#![expect(unreachable_pub, reason = "the entity derive wants `pub` items")]

pub(crate) mod access;
pub(crate) mod alert;
pub(crate) mod api_key;
pub(crate) mod clause_evidence;
pub(crate) mod declared_field;
pub(crate) mod definition;
pub(crate) mod definition_epoch;
pub(crate) mod definition_version;
pub(crate) mod delivery;
pub(crate) mod desk_key;
pub(crate) mod evaluation;
pub(crate) mod finding;
pub(crate) mod hold_item;
pub(crate) mod index_token;
pub(crate) mod interaction;
pub(crate) mod job;
pub(crate) mod kept_day;
pub(crate) mod locator;
pub(crate) mod mark;
pub(crate) mod measure;
pub(crate) mod migration;
pub(crate) mod note;
pub(crate) mod object;
pub(crate) mod override_row;
pub(crate) mod participant;
pub(crate) mod policy_notice;
pub(crate) mod policy_version;
pub(crate) mod redacted_under;
pub(crate) mod redaction_audit;
pub(crate) mod redaction_settings;
pub(crate) mod refusal;
pub(crate) mod register;
pub(crate) mod sending;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod source;
pub(crate) mod sso_flow;
pub(crate) mod sso_provider;
pub(crate) mod tag;
pub(crate) mod tenant;
pub(crate) mod upload;
pub(crate) mod upload_part;
pub(crate) mod user;
pub(crate) mod vocabulary;
