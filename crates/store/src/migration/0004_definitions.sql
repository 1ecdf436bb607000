-- Categories, scorecards and alerts of a tenant, and what they found. A definition's name and text
-- are sealed; `name_hash` is keyed. What was found is sealed under a key of its own.

create table definitions (
    tenant uuid not null references tenants (id),
    id uuid not null,
    kind text not null,
    name_hash bytea not null,
    newest bigint not null,
    live_version bigint,
    live_epoch bigint,
    next_version bigint,
    next_epoch bigint,
    created bigint not null,
    primary key (tenant, id),
    unique (tenant, name_hash)
);

create table definition_versions (
    tenant uuid not null,
    definition uuid not null,
    number bigint not null,
    sealed bytea not null,
    created bigint not null,
    primary key (tenant, definition, number)
);

create table definition_epochs (
    tenant uuid not null primary key,
    epoch bigint not null
);

create table evaluations (
    tenant uuid not null,
    interaction uuid not null,
    generation bigint not null,
    epoch bigint not null,
    primary key (tenant, interaction)
);

insert into evaluations (tenant, interaction, generation, epoch)
select tenant, id, generation, 0 from interactions where generation > 0;

create index evaluations_by_epoch on evaluations (tenant, epoch);

create table findings (
    tenant uuid not null,
    definition uuid not null,
    epoch bigint not null,
    interaction uuid not null,
    wrapped_key bytea not null,
    sealed bytea not null,
    primary key (tenant, definition, epoch, interaction)
);

create index findings_by_interaction on findings (tenant, interaction);

create table marks (
    tenant uuid not null,
    definition uuid not null,
    interaction uuid not null,
    belongs boolean not null,
    actor text not null,
    at bigint not null,
    primary key (tenant, definition, interaction)
);

create table overrides (
    tenant uuid not null,
    id uuid not null,
    definition uuid not null,
    interaction uuid not null,
    actor text not null,
    at bigint not null,
    wrapped_key bytea not null,
    sealed bytea not null,
    primary key (tenant, id)
);

create index overrides_by_interaction on overrides (tenant, interaction, at);
