alter table accesses enable row level security;
alter table accesses force row level security;
create policy own_tenant on accesses using
    (tenant = nullif(current_setting('privity.tenant', true), '')::uuid);
