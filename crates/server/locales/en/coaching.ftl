coaching-coaching = Coaching
coaching-parts-of-interactions-that-people = Parts of interactions that people are asked to listen to, and how agents are scored. Ask somebody under <em>Coaching</em> beside an interaction.
coaching-waiting-for-me = Waiting for me
coaching-disputed = { $disputed ->
    [one] { $disputed } form is
   *[other] { $disputed } forms are
    } disputed by the agent: <a>look at what they say</a>.
coaching-agents = Agents
coaching-no-agent-has-an-account = No agent has an account. <a>Invite them</a> by the name or mail address that stands in what is taken in.
coaching-agent = Agent
coaching-open = Open
coaching-overdue = Overdue
coaching-done = Done
coaching-forms = Forms
coaching-mean-score = Mean score
coaching-eight-weeks = Eight weeks
coaching-forms-and-mean-score-of = Forms and mean score of the last eight weeks, from 0 to 100; what was withdrawn after a dispute and what was judged in calibration does not count.
coaching-nothing-is-open = Nothing is open.
coaching-week-of-on-form-s = week of { $day }: { $mean } on { $forms } form(s)
coaching-week-of-no-form = week of { $day }: no form
coaching-of-100-on = { $score } of 100 on { $form }
