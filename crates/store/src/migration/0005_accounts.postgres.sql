-- `users` and `sessions` are read before a tenant is known, as `api_keys` is.
alter table sign_ins enable row level security;
alter table sign_ins force row level security;
create policy own_tenant on sign_ins using
    (tenant = nullif(current_setting('privity.tenant', true), '')::uuid);
