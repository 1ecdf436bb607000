fill-blind-the-other-judges-see = Blind: the other judges see this only once the session is closed.
fill-weight = weight { $weight }
fill-critical = critical
fill-save = Save
fill-leave-it = Leave it
fill-the-score-is-100-weight = The score is 100 · Σ weight · earned / Σ weight over what applies; a critical question that earns nothing makes it 0.
