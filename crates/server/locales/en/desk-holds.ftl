desk-holds-legal-holds = Legal holds
desk-holds-a-hold-is-a-case = A hold is a case with interactions under it. While any hold lies on an interaction, nothing erases it: no retention run, no request; the refusal names every case.
desk-holds-no-hold-is-placed = No hold is placed.
desk-holds-place-one-below-a-case = Place one below: a case, a reason, and the interactions' ids.
desk-holds-since = since
desk-holds-count = { $interactions } { $interactions ->
    [one] interaction
   *[other] interactions
    }
desk-holds-take-it-off = take it off: { $case }, { $id }
desk-holds-take-it-off-2 = take it off
desk-holds-lay-it-on = Lay it on
desk-holds-add = Add
desk-holds-lift-the-hold = Lift the hold { $case }
desk-holds-lift-the-hold-2 = Lift the hold
desk-holds-place-a-hold = Place a hold
desk-holds-case-as-people-call-it = Case, as people call it
desk-holds-why = Why
desk-holds-interactions = Interactions
desk-holds-ids-one-a-line = (ids, one a line)
desk-holds-place-it = Place it
desk-holds-lifted = Lifted
desk-holds-lifted-holds = Lifted holds
desk-holds-case = Case
desk-holds-placed = Placed
