//! What a tenant, its people and an auditor are promised of the hosting plane, end to end.

#![cfg(test)]

mod alerts;
mod definitions;
mod desk;
mod desk_mail;
mod fields;
mod installation;
mod keeping;
mod likeness;
mod main_job;
mod passing;
mod promises;
mod provider;
mod rectifying;
mod redaction;
mod requests;
mod results;
mod review;
mod rights;
mod single_sign_on;
mod threads;
mod topics;
mod watching;
