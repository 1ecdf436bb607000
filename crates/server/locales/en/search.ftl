search-search = Search
search-search-redacted-words = Search redacted words
search-only = only
search-not = not
search-the-words-of-were-looked = <b>{ $total }</b> { $total ->
    [one] interaction
   *[other] interactions
    } { $total ->
    [one] matches
   *[other] match
    }; the words of { $examined } were looked at
search-to-are-shown-newest-first = { $first } to { $last } are shown, newest first
search-the-numbers-beside-fields-are = The numbers beside fields are of { $counted } of them.
search-the-time-was-up-before = The time was up before all that is asked for was found; a narrower query goes further.
search-how-the-query-is-understood = How the query is understood
search-save-as = Save as
search-category = Category
search-alert = Alert
search-nothing-matches-fewer-words-a = Nothing matches. Fewer words, a larger distance such as <code>NEAR:20</code> or <code>word*</code> find more.
search-matches = { $matches } { $matches ->
    [one] match
   *[other] matches
    }
search-play-from = Play from { $at }
search-newest = Newest
search-older = Older
search-what-can-be-asked = What can be asked
search-channel = Channel
search-calls = calls
search-chats = chats
search-mails = mails
search-sound = Sound
search-silence-5-s = silence ≥ 5 s
search-overtalk-1-s = overtalk ≥ 1 s
search-removed = Removed
search-card = card
search-person = person
search-both-hold-anywhere-in-the = both hold, anywhere in the interaction
search-words-that-follow-each-other = words that follow each other, of one speaker
search-only-what-the-agent-says = only what the agent says
search-at-most-10-seconds-apart = at most 10 seconds apart
search-within-the-first-30-seconds = within the first 30 seconds
search-where-a-card-number-was = where a card number was removed
search-field-agent = Agent
search-field-direction = Direction
search-field-language = Language
search-definition-agent = Who served: the id that came with the interaction, else a handle that stands for the name.
search-definition-direction = Who began: inbound by the consumer, outbound by your organisation.
search-definition-language = Language of the conversation as it was recognised or declared.
search-definition-own = The field { $field } as your organisation declared it when the interaction was taken in.
search-definition-channel = How the interaction came: by call, chat or mail.
search-definition-sound = Measured in calls: stretches without speech, and of two voices at once.
search-definition-removed = What redaction took out of the words.
search-order = Order
search-definition-order = By start, or by how often and how densely the query's words stand in an interaction (BM25 without rarity).
search-newest-first = newest first
search-best-first = best first
search-to-are-shown-best-first = { $first } to { $last } are shown, best first
search-best = Best
search-next = Next
search-narrow-down = Narrow down
search-chosen = { $chosen } chosen
