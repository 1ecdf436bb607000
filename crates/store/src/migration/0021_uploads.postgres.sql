do $$
declare
    name text;
begin
    foreach name in array array['uploads', 'upload_parts'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy own_tenant on %I using '
            '(tenant = nullif(current_setting(''privity.tenant'', true), '''')::uuid)', name);
    end loop;
end
$$;
