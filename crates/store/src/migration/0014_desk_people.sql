-- People of the operator's own privacy desk belong to no tenant: they stand under the nil id, as
-- the operator's registers do, so an account no longer refers to a tenant's row.

drop index users_by_tenant;
drop index users_by_invite;
alter table users rename to users_of_tenants;

create table users (
    id uuid not null primary key,
    tenant uuid not null,
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

insert into users (id, tenant, login, profile, credentials, role, invite, invite_until, failures,
    shut_until, locked, totp_step, created, seen)
select id, tenant, login, profile, credentials, role, invite, invite_until, failures,
    shut_until, locked, totp_step, created, seen
from users_of_tenants;

drop table users_of_tenants;

create index users_by_tenant on users (tenant, created, id);
create index users_by_invite on users (invite);
