-- The search index also knows how many words begin within so many seconds. Every entry is made
-- again, in its new form.

update interactions set indexed = 0;

-- Whether a tenant's vocabulary is another than before is asked by every search with a wildcard.

alter table tenants add column word_changes bigint not null default 0;
