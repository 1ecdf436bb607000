common-at-least = mindestens { $least }
common-at-least-about = mindestens { $least }, etwa { $about }
common-between = { $least } bis { $most }
common-between-about = { $least } bis { $most }, etwa { $about }
common-clock = %d.%m.%Y %H:%M
common-language = Deutsch
