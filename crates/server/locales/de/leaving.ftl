leaving-if-nothing-happens = falls nichts geschieht
