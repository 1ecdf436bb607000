desk-redaction-redaction-audits = Redaction audits
desk-redaction-what-redaction-misses = What redaction misses
desk-redaction-an-audit-plants-invented-secrets = An audit plants invented secrets in conversations of every form, runs them through the whole program in an installation of its own or in the one at work, and looks for them everywhere it writes. It measures what is missed; it cannot prove that nothing is.
desk-redaction-missed = Missed
desk-redaction-planted-secrets-that-can-be = planted secrets that can be read, heard or found afterwards; 95 % interval { $interval } (Wilson)
desk-redaction-planted = Planted
desk-redaction-the-sample-written-and-spoken = the sample: written and spoken, of every type below
desk-redaction-sightings = Sightings
desk-redaction-places-at-which-a-planted = places at which a planted secret was seen: words, sound, index, exports, logs, files
desk-redaction-audited = Audited
desk-redaction-utc-it-took-s-with = UTC; it took { $seconds } s with { $engine }, rules { $ruleset }
desk-redaction-planted-here = Planted in the installation at work, under a tenant of its own; { $erased } canaries were erased afterwards, each confirmed in every place.
desk-redaction-by-type = By type
desk-redaction-type = Type
desk-redaction-form = Form
desk-redaction-tagged = Tagged
desk-redaction-in-words = In words
desk-redaction-in-sound = In sound
desk-redaction-in-index = In index
desk-redaction-95-interval = 95 % interval
desk-redaction-where-it-was-looked-for = Where it was looked for
desk-redaction-places = Places
desk-redaction-place = Place
desk-redaction-looked-at = Looked at
desk-redaction-seen = Seen
desk-redaction-removed-for-nothing = Removed for nothing
desk-redaction-written = Written: { $false-written }.
desk-redaction-spoken = Spoken: { $false-spoken }.
desk-redaction-not-planted = Not planted
desk-redaction-earlier-audits = Earlier audits
desk-redaction-when = When
desk-redaction-no-audit-was-run-here = No audit was run here yet. <code>privity redact audit</code> runs one and keeps its report.
desk-redaction-in-conversations-without-a-secret = { $found } in { $conversations } conversations without a secret{ $found-kinds ->
    [0] {""}
   *[other] : { $kinds }
    }
desk-redaction-no-speech-without-a-secret = no speech without a secret was heard
desk-redaction-for-each-ten-minutes-of = { $rate } for each ten minutes of speech without a secret{ $found-kinds ->
    [0] {""}
   *[other] : { $kinds }
    }
desk-redaction-interval-from-to = { $low } to { $high } %
