alerts-alerts = Alerts
alerts-write-one-or-save-a = <a>Write one</a>, or save a search as one
alerts-an-alert-is-raised-once = An alert is raised once for what is new: when a query, a category or a score's limit holds for an interaction for the first time. Within its quiet time further ones are kept, not told of.
alerts-no-alert-is-defined-one = No alert is defined. One is a text such as <code>alert = "Escalation.Lawyer"</code>, <code>query = 'consumer:lawyer'</code>, <code>quiet = "1h"</code>.
alerts-draft = (draft)
alerts-raised = Raised
alerts-nothing-was-raised-yet = Nothing was raised yet.
alerts-the-interaction = the interaction
alerts-quiet = quiet
alerts-raised-by-a-score-an = Raised by a score, an absence or a field, not by words.
alerts-tried-next-at = tried { $attempts } { $attempts ->
    [one] time
   *[other] times
    }, next at
alerts-after-attempts = after { $attempts } attempts,
alerts-message = message <code>{ $id }</code>
alerts-send-again = Send again
alerts-who-is-told = Who is told
alerts-a-route-tells-a-granted = A route tells a granted recipient of what is raised from then on: ids, times and the alert's name. Each message has an id that stays the same however often it is sent.
alerts-nobody-is-told = Nobody is told.
alerts-the-privacy-officer-sets-routes = The privacy officer sets routes.
alerts-routes = Routes
alerts-recipient = Recipient
alerts-when = When
alerts-last-test = Last test
alerts-acts = Acts
alerts-arrived = arrived
alerts-failed = failed
alerts-test-the-route-to = Test the route to { $recipient }
alerts-test = Test
alerts-stop-the-route-to = Stop the route to { $recipient }
alerts-stop = Stop
alerts-grant-a-recipient-first-privity = Grant a recipient first: <code>privity recipient add FILE</code>.
alerts-a-new-route = A new route
alerts-only-these-alerts-none-marked = Only these alerts (none marked: all)
alerts-told = Told
alerts-each-at-once = each at once
alerts-together-every-15-minutes = together, every 15 minutes
alerts-together-every-hour = together, every hour
alerts-together-every-day = together, every day
alerts-set = Set
alerts-a-retired-alert = a retired alert
alerts-left-out = left out
alerts-refused-under = refused under { $clauses }
alerts-of-all = all
alerts-together-every = together, every { $time }
