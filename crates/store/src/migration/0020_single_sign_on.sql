-- How a tenant's people come in by its own identity provider. Settings and what a sign-in under
-- way must remember are sealed; a keyed hash of issuer and subject finds the account.

create table sso_providers (
    tenant uuid not null primary key,
    sealed bytea not null,
    listed boolean not null,
    changed bigint not null
);

create table sso_flows (
    state bytea not null primary key,
    tenant uuid not null,
    sealed bytea not null,
    until bigint not null
);

create index sso_flows_by_end on sso_flows (until);

alter table users add column sso bytea;

create unique index users_by_sso on users (sso);
