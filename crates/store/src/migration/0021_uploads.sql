-- Files on their way in, part by part. Parts lie sealed among the blobs under a key of their
-- upload, which is gone when the upload has ended; labels and outcome are sealed.

create table uploads (
    id uuid not null primary key,
    tenant uuid not null references tenants (id),
    holder text not null,
    length bigint not null,
    received bigint not null,
    wrapped_key bytea,
    labels bytea not null,
    outcome bytea,
    until bigint not null,
    created bigint not null
);

create index uploads_by_end on uploads (tenant, until);

create table upload_parts (
    upload uuid not null references uploads (id),
    place bigint not null,
    tenant uuid not null,
    length bigint not null,
    blob uuid not null,
    primary key (upload, place)
);

-- What lists and the overview ask at every look: what is still in work, and the newest of a kind.
create index interactions_by_status on interactions (tenant, status, started);
create index interactions_by_channel on interactions (tenant, channel, started, id);
