# Numbers that are known within bounds.
common-at-least = at least { $least }
common-at-least-about = at least { $least }, about { $about }
common-between = { $least } to { $most }
common-between-about = { $least } to { $most }, about { $about }
