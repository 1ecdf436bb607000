-- Newest first is an order that the table of hashes can be read in. The rows of every tenant are
-- marked to be indexed again, which row-level security would hide here.

delete from index_tokens;
alter table index_tokens add column started bigint not null;
create index index_tokens_by_start on index_tokens (tenant, started, interaction);

alter table interactions disable row level security;
update interactions set indexed = 0;
alter table interactions enable row level security;
