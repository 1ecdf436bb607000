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
desk-clauses-passed-of-named = { $passed } of { $named }
desk-clauses-tests-of-this-build = tests that clauses name passed on exactly the sources of this program (<code>{ $source }</code>), run { $ran }; of all tests { $passed } passed, { $failed } failed.
desk-clauses-tests-of-another-policy = They ran with another version of the policy: of a clause that was worded anew they say nothing.
desk-clauses-no-test-report = no test report of this build
desk-clauses-nothing-counts-without-tests = nothing is counted as kept because of tests, unless a run of the last seven days was fed in with <code>privity policy status --tests</code>.
desk-clauses-passed-of-this-build = { $passed } passed of this build
