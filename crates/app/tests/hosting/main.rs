//! What a tenant, its people and an auditor are promised of the hosting plane, end to end.

#![cfg(test)]

mod definitions;
mod installation;
mod main_job;
mod promises;
mod redaction;
mod results;
mod threads;
