-- Alerts that were raised: ids and times only. One of a definition and an interaction is raised
-- once, however often the interaction is evaluated.

create table alerts (
    tenant uuid not null,
    id uuid not null,
    definition uuid not null,
    interaction uuid not null,
    raised bigint not null,
    quiet boolean not null,
    delivered bigint,
    primary key (tenant, id),
    unique (tenant, definition, interaction)
);

create index alerts_by_time on alerts (tenant, definition, raised);
