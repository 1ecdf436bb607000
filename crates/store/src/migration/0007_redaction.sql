-- A tenant's redaction settings, sealed: its own words and patterns may name people. And under
-- which rules and settings each interaction was redacted, so that it can be told what is to be
-- redacted again when they change.

create table redaction_settings (
    tenant uuid not null primary key references tenants (id),
    version bigint not null,
    sealed bytea not null,
    changed bigint not null
);

create table redacted_under (
    tenant uuid not null,
    interaction uuid not null,
    ruleset text not null,
    at bigint not null,
    primary key (tenant, interaction)
);

-- Reports of redaction audits: counts by type of invented secrets, nothing of anybody.

create table redaction_audits (
    at bigint not null primary key,
    report text not null
);
