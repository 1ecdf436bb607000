-- What people write about interactions (moments, filled forms, coaching) and what belongs to it
-- (calibration sessions, sampling plans, kept views). Ids, states and times in the clear; what was
-- written is sealed under a key of its own. `about` names a form, session or plan by id.

create table notes (
    tenant uuid not null,
    id uuid not null,
    kind text not null,
    interaction uuid,
    about text,
    person uuid,
    actor text not null,
    state text not null,
    created bigint not null,
    due bigint,
    revision bigint not null,
    wrapped_key bytea not null,
    sealed bytea not null,
    primary key (tenant, id)
);

create index notes_by_interaction on notes (tenant, interaction);
create index notes_by_kind on notes (tenant, kind, created);
create index notes_by_person on notes (tenant, person, kind);

-- Messages that tell recipients of alerts. An alert goes by one route once; a message that is sent
-- again keeps its id.

create table deliveries (
    tenant uuid not null,
    id uuid not null,
    route uuid not null,
    state text not null,
    attempt bigint not null,
    ready_at bigint not null,
    created bigint not null,
    closed bigint,
    failure text,
    token uuid,
    lease_until bigint,
    primary key (tenant, id)
);

create index deliveries_by_turn on deliveries (tenant, state, ready_at);

create table sendings (
    tenant uuid not null,
    route uuid not null,
    alert uuid not null,
    delivery uuid not null,
    disclosure uuid,
    refused text,
    primary key (tenant, route, alert)
);

create index sendings_by_delivery on sendings (tenant, delivery);
create index sendings_by_alert on sendings (tenant, alert);
