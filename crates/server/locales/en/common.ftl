# Numbers that are known within bounds.
common-at-least = at least { $least }
common-at-least-about = at least { $least }, about { $about }
common-between = { $least } to { $most }
common-between-about = { $least } to { $most }, about { $about }
# An instant, as strftime writes it.
common-clock = %Y-%m-%d %H:%M
# What the language calls itself.
common-language = English
