-- The rows of every tenant, which row-level security would hide here.

alter table interactions disable row level security;
update interactions set indexed = 0;
alter table interactions enable row level security;

alter table kept_days enable row level security;
alter table kept_days force row level security;
create policy own_tenant on kept_days using
    (tenant = nullif(current_setting('privity.tenant', true), '')::uuid);

-- Whoever makes sums holds the tenant's lock alone and sees all that was committed before; whoever
-- changes what they count holds it with others until its end, so that no sum is kept that misses a
-- change made beside it.

create function hold_kept_days(owner uuid) returns void language sql as $$
    select pg_advisory_xact_lock_shared(hashtextextended(owner::text, 5794721027));
$$;

create function interaction_changes() returns trigger language plpgsql as $$
begin
    perform hold_kept_days(coalesce(new.tenant, old.tenant));
    delete from kept_days
    where tenant = coalesce(new.tenant, old.tenant)
      and day in (old.started / 86400000, new.started / 86400000);
    return null;
end
$$;

create function interaction_part_changes() returns trigger language plpgsql as $$
begin
    perform hold_kept_days(coalesce(new.tenant, old.tenant));
    delete from kept_days
    where tenant = coalesce(new.tenant, old.tenant) and day = (
        select started / 86400000 from interactions
        where tenant = coalesce(new.tenant, old.tenant)
          and id = coalesce(new.interaction, old.interaction));
    return null;
end
$$;

create function tag_changes() returns trigger language plpgsql as $$
begin
    perform hold_kept_days(coalesce(new.tenant, old.tenant));
    delete from kept_days
    where tenant = coalesce(new.tenant, old.tenant) and tag = coalesce(new.hash, old.hash)
      and day = (
        select started / 86400000 from interactions
        where tenant = coalesce(new.tenant, old.tenant)
          and id = coalesce(new.interaction, old.interaction));
    return null;
end
$$;

create trigger interaction_comes after insert or delete on interactions
    for each row execute function interaction_changes();
create trigger interaction_changes
    after update of channel, started, duration, status, redactions, on_hold, keep_until, refused
    on interactions for each row execute function interaction_changes();
create trigger measure_changes after insert or update or delete on measures
    for each row execute function interaction_part_changes();
create trigger finding_changes after insert or delete on findings
    for each row execute function interaction_part_changes();
create trigger tag_changes after insert or delete on tags
    for each row execute function tag_changes();
