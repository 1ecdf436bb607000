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
desk-clauses-is-kept = kept
desk-clauses-kept-means = Kept: every test that the clause names passed, of this very build or in a run of the last seven days, and what the installation was asked within them agrees.
desk-clauses-is-broken = broken
desk-clauses-broken-means = Broken: the latest word of one of its tests, or of the installation, speaks against it.
desk-clauses-is-untested = untested
desk-clauses-untested-means = Untested: nothing of the last seven days speaks for it, or it is not in force yet.
desk-clauses-is-waived = waived
desk-clauses-waived-means = Waived: somebody decided to live without it until a day, for a reason that is written down.
desk-clauses-plane-hosting = hosting
desk-clauses-plane-site = site
desk-clauses-plane-both = both
desk-clauses-all = All
desk-clauses-both-planes = Both planes
desk-clauses-a-clause-stands-as-its = A clause stands as its latest evidence says; nobody declares it kept.
