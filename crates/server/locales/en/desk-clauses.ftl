desk-clauses-clauses = Clauses
desk-clauses-how-the-clauses-stand = How the clauses stand
desk-clauses-ask-the-installation-now = Ask the installation now
desk-clauses-policy-version = Policy version <code>{ $version }</code>. { $definition }
desk-clauses-state = State
desk-clauses-plane = Plane
desk-clauses-no-clause-stands-so-show = No clause stands so. <a>Show all of them</a>.
desk-clauses-plane-2 = { $kind }, { $plane } plane, { $tests } { $tests ->
    [one] test
   *[other] tests
    }
desk-clauses-last-evidence = last evidence
desk-clauses-no-evidence-yet = no evidence yet
desk-clauses-the-installation-says = The installation says: { $found }
