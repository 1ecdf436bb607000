-- The ledger, for both engines. Its rows are one sequence over all tenants and are read whole by
-- the verifier, so row-level security is not laid on it: what a row tells is sealed under its
-- tenant's ledger key.

create table ledger (
    leaf_index bigint not null primary key,
    tenant uuid,
    at bigint not null,
    leaf bytea not null,
    salt bytea,
    sealed bytea
);

create index ledger_by_tenant on ledger (tenant, leaf_index);

create table ledger_head (
    id bigint not null primary key,
    size bigint not null,
    origin text not null
);

create table ledger_checkpoints (
    size bigint not null primary key,
    root bytea not null,
    note text not null
);

create table ledger_keys (
    id uuid not null primary key,
    kind text not null,
    wrapped bytea not null,
    verifier text not null,
    active boolean not null
);
