desk-overview-privacy-desk = Privacy desk
desk-overview-everything-here-is-asked-of = Everything here is asked of the policy and leaves a leaf of the <a>ledger</a>. The public side of it: <a>the policy</a>, <a>requests of persons</a>, <a>how to verify</a>.
