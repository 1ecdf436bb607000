-- What the overview adds up and what people put on interactions. Numbers, ids and keyed hashes in
-- the clear, as `interactions` has them; a tag's words are sealed.

create table measures (
    tenant uuid not null,
    interaction uuid not null,
    talk bigint not null,
    silence bigint not null,
    longest_silence bigint not null,
    overtalk bigint not null,
    gaps bigint not null,
    gap_mean bigint not null,
    gap_longest bigint not null,
    primary key (tenant, interaction)
);

create table tags (
    tenant uuid not null,
    interaction uuid not null,
    hash bytea not null,
    label bytea not null,
    at bigint not null,
    primary key (tenant, interaction, hash)
);

create index tags_by_hash on tags (tenant, hash);

create table participants (
    tenant uuid not null,
    hash bytea not null,
    interaction uuid not null,
    primary key (tenant, hash, interaction)
);

create index participants_by_interaction on participants (tenant, interaction);
