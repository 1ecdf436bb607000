//! Numbers of a conversation.
