-- In the order in which the search index takes them, so that asking what it lacks does not read
-- the whole tenant.
drop index interactions_behind;
create index interactions_behind on interactions (tenant, started, id) where indexed < generation;
