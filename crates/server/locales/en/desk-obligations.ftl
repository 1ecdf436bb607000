desk-obligations-duties-by-law = Duties by law
desk-obligations-what-a-law-demands-of = What a law demands of you. A refusal, and keeping something longer than its rule, may rest only on one of these, by its number (<a>P30</a>).
desk-obligations-none-is-entered-so-nothing = None is entered, so nothing can rest on one.
desk-obligations-taken-back = taken back
desk-obligations-in-force = in force
desk-obligations-entered-by = entered { $at } by <code>{ $by }</code>
desk-obligations-of = Of { $kinds }.
desk-obligations-to-be-kept-after-the = To be kept { $days } { $days ->
    [one] day
   *[other] days
    } after the intake.
desk-obligations-taken-back-2 = Taken back { $at }.
desk-obligations-number-in-the-log = Number <code>{ $number }</code>, <a>in the log</a>
desk-obligations-take-it-back = Take it back: { $name }
desk-obligations-take-it-back-2 = Take it back
desk-obligations-enter-a-duty = Enter a duty
desk-obligations-law = Law
desk-obligations-article = Article
desk-obligations-what-it-demands = What it demands
desk-obligations-of-which-data = Of which data
desk-obligations-days-it-must-be-kept = Days it must be kept after the intake
desk-obligations-empty-it-demands-no-keeping = (empty: it demands no keeping)
desk-obligations-enter-it = Enter it
