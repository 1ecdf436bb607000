-- The search index also knows where words stand. Every entry is made again, in its new form.

update interactions set indexed = 0;
