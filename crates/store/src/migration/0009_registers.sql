-- What the privacy desk keeps. A register's row has its state and clock in plain columns and the
-- rest sealed; the operator's own registers have the nil tenant. `locators` holds hashes of
-- numbers and addresses under a key of each tenant's. The published policy is public.

create table registers (
    tenant uuid not null,
    register text not null,
    id uuid not null,
    state text not null,
    filed bigint not null,
    due bigint,
    revision bigint not null,
    sealed bytea not null,
    primary key (tenant, register, id)
);

create index registers_by_due on registers (tenant, register, state, due);

create table hold_items (
    tenant uuid not null,
    hold uuid not null,
    interaction uuid not null,
    primary key (tenant, hold, interaction)
);

create index hold_items_by_interaction on hold_items (tenant, interaction);

create table locators (
    tenant uuid not null,
    hash bytea not null,
    interaction uuid not null,
    primary key (tenant, hash, interaction)
);

create index locators_by_interaction on locators (tenant, interaction);

create table desk_keys (
    id uuid not null primary key,
    wrapped bytea not null
);

create table policy_versions (
    version text not null primary key,
    document text not null,
    posted bigint not null,
    effective_from bigint not null,
    permits text not null
);

create table policy_notices (
    version text not null,
    given bigint not null,
    purposes text not null,
    primary key (version, given)
);

create table clause_evidence (
    clause text not null,
    kind text not null,
    name text not null,
    at bigint not null,
    holds boolean not null,
    until_at bigint,
    reason text not null,
    primary key (clause, kind, name)
);
