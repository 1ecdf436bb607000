-- Sums by day that were made once: counts of interactions, never of a person. A day's row goes with
-- the first change to what it counts and is made again by whoever asks for it. `tag` is the label
-- that its interactions bear, as a keyed hash, or empty for all of the day.

create table kept_days (
    tenant uuid not null references tenants (id),
    day bigint not null,
    tag bytea not null,
    good_until bigint,
    sums text not null,
    primary key (tenant, day, tag)
);

-- How the consumer's words sound, in thousandths; what was measured before has none.

alter table measures add column sentiment bigint;

-- The index learns it, with the wait for an answer and the speed of speech.

update interactions set indexed = 0;

create index alerts_by_raising on alerts (tenant, raised);
