-- A search asks what the index does not know yet and what may no longer be shown; both are few
-- among many. Every entry of the search index is made again, in its new form.

create index interactions_behind on interactions (tenant, started) where indexed < generation;
create index interactions_ending on interactions (tenant, keep_until) where keep_until is not null;
create index interactions_erasing on interactions (tenant) where status = 'erasing';
create index interactions_refused on interactions (tenant) where refused <> '';
drop index interactions_by_lag;
update interactions set indexed = 0;
