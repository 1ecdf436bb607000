-- Tables of the hosting plane, for both engines: SQLite takes any type name and keeps the value
-- as it is bound. Plain columns hold ids, times, states, counts and keyed hashes; bytea columns
-- hold sealed bytes or keyed hashes.

create table tenants (
    id uuid not null primary key,
    slug text not null unique,
    name text not null,
    instruction text not null,
    basis text not null,
    settings text not null,
    wrapped_key bytea not null,
    created bigint not null
);

create table api_keys (
    id uuid not null primary key,
    tenant uuid not null references tenants (id),
    label bytea not null,
    purposes text not null,
    hash bytea not null unique,
    created bigint not null,
    revoked bigint
);

create table interactions (
    tenant uuid not null references tenants (id),
    id uuid not null,
    channel text not null,
    direction text not null,
    started bigint not null,
    received bigint not null,
    duration bigint,
    status text not null,
    stage text,
    outcome text,
    parties text not null,
    dialogs bigint not null,
    words bigint not null,
    turns bigint not null,
    redactions text not null,
    warnings text not null,
    instruction text not null,
    subjects bigint not null,
    lawful_bases text not null,
    on_hold boolean not null,
    collected_under text not null,
    keep_until bigint,
    generation bigint not null,
    indexed bigint not null,
    primary key (tenant, id)
);

create index interactions_by_start on interactions (tenant, started, id);
create index interactions_by_lag on interactions (tenant, indexed, generation);

create table sources (
    tenant uuid not null,
    hash bytea not null,
    interaction uuid not null,
    primary key (tenant, hash)
);

create index sources_by_interaction on sources (tenant, interaction);

create table objects (
    tenant uuid not null,
    interaction uuid not null,
    kind text not null,
    part bigint not null,
    wrapped_key bytea,
    sealed bytea,
    blob uuid,
    length bigint not null,
    created bigint not null,
    primary key (tenant, interaction, kind, part)
);

create table jobs (
    id uuid not null primary key,
    tenant uuid not null,
    interaction uuid not null,
    stage text not null,
    state text not null,
    ready_at bigint not null,
    attempt bigint not null,
    takeovers bigint not null,
    holder text,
    token uuid,
    lease_until bigint,
    failure_code text,
    failure_sentence text,
    created bigint not null,
    unique (tenant, interaction)
);

create index jobs_by_turn on jobs (state, ready_at, id);

create table refusals (
    id uuid not null primary key,
    tenant uuid not null,
    at bigint not null,
    kind text not null,
    reason text not null,
    sentence text not null
);

create index refusals_by_time on refusals (tenant, at);

create table vocabulary (
    tenant uuid not null,
    token bigint not null,
    word bytea not null,
    uses bigint not null,
    primary key (tenant, token)
);
