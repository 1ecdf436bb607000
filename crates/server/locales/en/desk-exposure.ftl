desk-exposure-an-exposure = An exposure
desk-exposure-exposures = Exposures
desk-exposure-an-exercise = an exercise
desk-exposure-known-since = Known since
desk-exposure-tell-by = Tell by
desk-exposure-data = Data
desk-exposure-of = Of
desk-exposure-may-follow = May follow
desk-exposure-done = Done
desk-exposure-number = Number
desk-exposure-1-the-customers = 1. The customers
desk-exposure-told-each-in-its-own = Told { $at }, each in its own register with the letter to its persons.
desk-exposure-later-than-in-72-hours = Later than in 72 hours, because: { $delay }
desk-exposure-why-it-is-told-so = Why it is told so late
desk-exposure-tell-now = Tell { $customers } { $customers ->
    [one] customer
   *[other] customers
    } now
desk-exposure-not-told = Not told.
desk-exposure-2-the-authority = 2. The authority
desk-exposure-its-form-as-a-file = Its form, as a file
desk-exposure-told = Told { $at }.
desk-exposure-send-the-form-on-the = Send the form on the authority's own way, then write it down.
desk-exposure-the-authority-is-told = The authority is told
desk-exposure-the-form-for-the-authority = The form for the authority
desk-exposure-form-for-the-authority = Form for the authority
