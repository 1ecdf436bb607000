desk-openings-letting-in = Letting in
desk-openings-letting-the-operator-in = Letting the operator in
desk-openings-nobody-of-the-operator-reads = Nobody of the operator reads a customer's conversations. Where one must, the customer's privacy officer is asked, a second person of the operator agrees, and the redacted copy opens for at most a day. All of it stands in the customer's register and log (<a>P101</a>).
desk-openings-asked-give-this-number-to = Asked. Give this number to the second person:
desk-openings-ask-to-be-let-in = Ask to be let in
desk-openings-customers-short-name = Customer's short name
desk-openings-why = Why
desk-openings-for-so-many-hours = For so many hours
desk-openings-ask = Ask
desk-openings-agree-as-the-second-person = Agree as the second person
desk-openings-number-of-the-opening = Number of the opening
desk-openings-brk = brk_…
desk-openings-agree = Agree
desk-openings-open-one-redacted-copy = Open one redacted copy
desk-openings-interaction = Interaction
desk-openings-open-it = Open it
desk-openings-nobody-of-the-operator-reads-2 = Nobody of the operator reads your conversations unless you let them in: for a reason, with a second person's word, for at most a day, and only the redacted copy. Each opening is in your log (<a>P101</a>).
desk-openings-nobody-has-ever-asked = Nobody has ever asked.
desk-openings-asked = asked
desk-openings-asked-by = Asked by
desk-openings-for-from-your-word-on = <code>{ $asked-by }</code> for { $length } from your word on
desk-openings-let-in-by = Let in by
desk-openings-second-person = Second person
desk-openings-ended = Ended
desk-openings-until = Until
desk-openings-let-them-in-for = Let them in for { $length }
desk-openings-refuse = Refuse
desk-openings-end-it-now = End it now
desk-openings-refused-or-ended-by-you = refused or ended by you
desk-openings-its-time-is-over = its time is over
desk-openings-waits-for-your-word = waits for your word
desk-openings-waits-for-the-operators-second = waits for the operator's second person
desk-openings-is-open = open
desk-openings-so-many-hours = { $hours ->
    [one] an hour
   *[other] { $hours } hours
    }
