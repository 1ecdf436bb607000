desk-exposures-exposures-of-data = Exposures of data
desk-exposures-data-that-somebody-got-who = Data that somebody got who may not have it. From when it became known 72 hours run, within which the customers and the authority are told (<a>P68</a>, GDPR Art. 33).
desk-exposures-none-is-on-record = None is on record.
desk-exposures-write-one-down-below-an = Write one down below; an exercise goes the same way.
desk-exposures-exposures = Exposures
desk-exposures-known-since = Known since
desk-exposures-what-happened = What happened
desk-exposures-customers = Customers
desk-exposures-tell-by = Tell by
desk-exposures-state = State
desk-exposures-an-exercise = an exercise
desk-exposures-write-an-exposure-down = Write an exposure down
desk-exposures-utc = (UTC)
desk-exposures-what-happened-how-to-whom = What happened: how, to whom, for how long
desk-exposures-which-data = Which data
desk-exposures-customers-short-names = Customers' short names
desk-exposures-between-blanks = (between blanks)
desk-exposures-their-interactions = Their interactions
desk-exposures-ids-one-a-line-empty = (ids, one a line; empty: all)
desk-exposures-what-may-come-of-it = What may come of it for the persons
desk-exposures-what-was-done-and-what = What was done, and what persons can do
desk-exposures-it-is-an-exercise = It is an exercise
desk-exposures-write-it-down = Write it down
desk-exposures-what-the-operator-told-you = What the operator told you of data that was exposed (<a>P68</a>). The persons concerned are yours to tell; each letter is ready below.
desk-exposures-you-were-told-of-none = You were told of none.
desk-exposures-known-since-2 = known since { $at }
desk-exposures-data = Data
desk-exposures-of = { $kinds }, of { $count ->
    [0] all your interactions
    [one] one interaction
   *[other] { $count } interactions
    }
desk-exposures-may-follow = May follow
desk-exposures-done = Done
desk-exposures-the-letter-to-the-persons = The letter to the persons
desk-exposures-in-the-log = In the log
desk-exposures-nobody-is-told-yet = nobody is told yet
desk-exposures-the-customers-are-told = the customers are told
desk-exposures-all-told = told
desk-exposures-left = { $time } left
desk-exposures-over = { $time } over
desk-exposures-which-interactions = { $count ->
    [0] all interactions
    [one] one interaction
   *[other] { $count } interactions
    }
