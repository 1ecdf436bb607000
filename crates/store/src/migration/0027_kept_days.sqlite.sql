create trigger interaction_comes after insert on interactions begin
    delete from kept_days where tenant = new.tenant and day = new.started / 86400000;
end;

create trigger interaction_goes after delete on interactions begin
    delete from kept_days where tenant = old.tenant and day = old.started / 86400000;
end;

create trigger interaction_changes
after update of channel, started, duration, status, redactions, on_hold, keep_until, refused
on interactions begin
    delete from kept_days
    where tenant = new.tenant and day in (old.started / 86400000, new.started / 86400000);
end;

create trigger measure_comes after insert on measures begin
    delete from kept_days where tenant = new.tenant and day = (
        select started / 86400000 from interactions
        where tenant = new.tenant and id = new.interaction);
end;

create trigger measure_changes after update on measures begin
    delete from kept_days where tenant = new.tenant and day = (
        select started / 86400000 from interactions
        where tenant = new.tenant and id = new.interaction);
end;

create trigger measure_goes after delete on measures begin
    delete from kept_days where tenant = old.tenant and day = (
        select started / 86400000 from interactions
        where tenant = old.tenant and id = old.interaction);
end;

create trigger finding_comes after insert on findings begin
    delete from kept_days where tenant = new.tenant and day = (
        select started / 86400000 from interactions
        where tenant = new.tenant and id = new.interaction);
end;

create trigger finding_goes after delete on findings begin
    delete from kept_days where tenant = old.tenant and day = (
        select started / 86400000 from interactions
        where tenant = old.tenant and id = old.interaction);
end;

create trigger tag_comes after insert on tags begin
    delete from kept_days where tenant = new.tenant and tag = new.hash and day = (
        select started / 86400000 from interactions
        where tenant = new.tenant and id = new.interaction);
end;

create trigger tag_goes after delete on tags begin
    delete from kept_days where tenant = old.tenant and tag = old.hash and day = (
        select started / 86400000 from interactions
        where tenant = old.tenant and id = old.interaction);
end;
