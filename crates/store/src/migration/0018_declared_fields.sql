-- Metadata of interactions that a tenant's queries may name beside the standard fields. Names and
-- what they mean are settings; the values are sealed with their interactions.

create table declared_fields (
    tenant uuid not null,
    name text not null,
    about text not null,
    declared bigint not null,
    primary key (tenant, name)
);
