-- Row-level security hid every row from the common part's copy; the owner is let through for it.
alter table interactions no force row level security;
insert into evaluations (tenant, interaction, generation, epoch)
select tenant, id, generation, 0 from interactions where generation > 0
on conflict do nothing;
alter table interactions force row level security;

do $$
declare
    name text;
begin
    foreach name in array array['definitions', 'definition_versions', 'definition_epochs',
                                'evaluations', 'findings', 'marks', 'overrides'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy own_tenant on %I using '
            '(tenant = nullif(current_setting(''privity.tenant'', true), '''')::uuid)', name);
    end loop;
end
$$;
