-- People of the tenants and their sessions. What names a person or opens a door is sealed; plain
-- columns hold ids, roles, times, counts and hashes.

create table users (
    id uuid not null primary key,
    tenant uuid not null references tenants (id),
    login bytea not null unique,
    profile bytea not null,
    credentials bytea,
    role text not null,
    invite bytea,
    invite_until bigint,
    failures bigint not null,
    shut_until bigint not null,
    locked boolean not null,
    totp_step bigint not null,
    created bigint not null,
    seen bigint
);

create index users_by_tenant on users (tenant, created, id);
create index users_by_invite on users (invite);

create table sessions (
    hash bytea not null primary key,
    tenant uuid not null,
    holder text not null,
    created bigint not null,
    seen bigint not null
);

create index sessions_by_holder on sessions (tenant, holder);

create table sign_ins (
    id uuid not null primary key,
    tenant uuid not null,
    account uuid not null,
    at bigint not null,
    outcome text not null
);

create index sign_ins_by_account on sign_ins (tenant, account, at);
