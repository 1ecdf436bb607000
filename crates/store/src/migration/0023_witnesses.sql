-- Who vouches that everybody sees the same ledger. Nothing here is personal: sizes, times, names of
-- witnesses, and their signature lines as the notes carry them.

create table ledger_cosignatures (
    size bigint not null,
    witness text not null,
    line text not null,
    at bigint not null,
    primary key (size, witness)
);

create table ledger_witnesses (
    witness text not null primary key,
    size bigint not null,
    tried bigint not null,
    problem text
);
