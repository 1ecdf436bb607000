desk-case-a-persons-request = A person's request
desk-case-requests = Requests
desk-case-request = Request: { $kind }
desk-case-erased = { $count } { $count ->
    [one] conversation
   *[other] conversations
    } erased
desk-case-of-them-by-taking-this = { $taken-out } of them by taking this person out, because somebody else takes part
desk-case-every-place-is-confirmed-keep = Every place is confirmed. Keep the receipt: it is shown this once.
desk-case-receipt-of-erasure = Receipt of erasure
desk-case-person = Person
desk-case-law = Law
desk-case-received = Received
desk-case-answer-by = Answer by
desk-case-the-clock-stands = the clock stands
desk-case-what-the-person-wrote = What the person wrote
desk-case-steps = Steps
desk-case-request-case = Request <code>{ $request }</code>, case <code>{ $id }</code>
desk-case-how-it-ended = How it ended
desk-case-what-is-held = What is held
desk-case-one-file-with-every-conversation = One file with every conversation of this person: their own words as they were said, everybody else's redacted, nobody else's name or address. Making it is on the ledger.
desk-case-make-the-pack = Make the pack
desk-case-erase = Erase
desk-case-keys-first-then-bytes-index = Keys first, then bytes, index and derived data, in every conversation of this person. Where somebody else takes part, only this person is taken out. A <a>hold</a> refuses it and names its case. It ends the request and cannot be taken back.
desk-case-i-mean-it = I mean it
desk-case-the-clock = The clock
desk-case-take-more-time = Take more time
desk-case-why-for-the-person = Why, for the person
desk-case-once-before-the-first-period = Once, before the first period ends: to three months under the GDPR, 90 days under the CCPA.
desk-case-extend = Extend
desk-case-the-person-answered = The person answered
desk-case-the-time-that-the-clock = The time that the clock stood is added.
desk-case-let-the-clock-run = Let the clock run
desk-case-ask-the-person = Ask the person
desk-case-what-you-need-to-know = What you need to know
desk-case-the-clock-stands-until-they = The clock stands until they answer.
desk-case-ask-and-pause = Ask and pause
