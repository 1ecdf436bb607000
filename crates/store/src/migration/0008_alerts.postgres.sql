alter table alerts enable row level security;
alter table alerts force row level security;
create policy own_tenant on alerts using
    (tenant = nullif(current_setting('privity.tenant', true), '')::uuid);
