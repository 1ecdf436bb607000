draft-text = Text
draft-as-in-docs-search-categories = (as in <code>docs/search/categories.md</code>)
draft-why = Why
draft-show-what-matches-now = Show what matches now
draft-save-as-draft = Save as draft
draft-save-and-publish = Save and publish
draft-count = { $total } { $total ->
    [one] interaction
   *[other] interactions
    }
