topic-topics = Topics
topic-in-everything-seed-asked = in everything, { $interactions } { $interactions ->
    [one] interaction
   *[other] interactions
    }, seed { $seed }, asked { $at }
topic-in-seed-asked = in <code>{ $query }</code>, { $interactions } { $interactions ->
    [one] interaction
   *[other] interactions
    }, seed { $seed }, asked { $at }
topic-the-query-matches-more-interactions = The query matches more interactions; the newest were looked at.
topic-it-is-found-in-the = It is found in the background. <a>Look again</a>
topic-of-turns-in-interactions-are = <b>{ $share }</b> of { $turns } turns in { $interactions } interactions are like no topic ({ $unclassified } unclassified).
topic-turns-were-too-short-to = { $turns } turns were too short to be about something.
topic-further-turns-were-not-looked = { $turns } further turns were not looked at.
topic-interactions-could-not-be-read = { $interactions } interactions could not be read.
topic-no-subject-comes-up-in = No subject comes up in three interactions or more.
topic-topic = Topic
topic-interactions = Interactions
topic-share = Share
topic-turns = Turns
topic-likeness = Likeness
topic-drift = Drift
topic-interactions-before-and-from-then = { $before } interactions before { $day } and { $after } from then on.
topic-what-is-spoken-about-is = What is spoken about is { $drift } bit apart (0: the same, 1: nothing in common).
topic-one-period-is-empty-so = One period is empty, so nothing can be compared.
topic-shares-of-the-two-periods = Shares of the two periods
topic-before = Before
topic-after = After
topic-change = Change
topic-by-week = By week
topic-share-of-each-weeks-interactions = Share of each week's interactions; weeks begin on Monday, UTC.
topic-shares-by-week = Shares by week
topic-none-of-its-example-turns = None of its example turns may be read any more.
topic-take-this-search-away = Take this search away
