-- Which leaves of the ledger are about an interaction, so that its tenant can be shown who opened
-- it without opening every leaf. Ids only; kept after the interaction was erased.

create table accesses (
    tenant uuid not null,
    interaction uuid not null,
    leaf_index bigint not null,
    primary key (tenant, interaction, leaf_index)
);
