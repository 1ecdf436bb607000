-- What the persons in an interaction refused: keys of purposes, each between commas.

alter table interactions add column refused text not null default '';
