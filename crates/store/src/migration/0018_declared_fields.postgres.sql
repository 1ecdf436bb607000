alter table declared_fields enable row level security;
alter table declared_fields force row level security;
create policy own_tenant on declared_fields using
    (tenant = nullif(current_setting('privity.tenant', true), '')::uuid);
