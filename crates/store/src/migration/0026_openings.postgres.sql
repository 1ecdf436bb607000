-- The rows of every tenant, which row-level security would hide here.

alter table interactions disable row level security;
update interactions set indexed = 0;
alter table interactions enable row level security;
