leaving-if-nothing-happens = if nothing happens
