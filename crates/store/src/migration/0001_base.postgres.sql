-- A second lock on every table of tenants' data: the engine itself shows a transaction only the
-- rows of the tenant it named. It binds every role that is neither superuser nor BYPASSRLS.
-- `jobs` and `api_keys` are read before a tenant is known and hold nothing personal.
-- `index_tokens` holds hashes keyed per tenant, so no tenant's query can match another's row;
-- row-level security there would keep the planner from using the inverted index, because array
-- operators are not leakproof.

do $$
declare
    name text;
begin
    foreach name in array array['interactions', 'sources', 'objects', 'refusals', 'vocabulary'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy own_tenant on %I using '
            '(tenant = nullif(current_setting(''privity.tenant'', true), '''')::uuid)', name);
    end loop;
end
$$;

create table index_tokens (
    tenant uuid not null,
    interaction uuid not null,
    tokens bigint[] not null,
    primary key (tenant, interaction)
);

create index index_tokens_by_token on index_tokens using gin (tokens);
