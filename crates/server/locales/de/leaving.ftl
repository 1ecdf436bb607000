leaving-if-nothing-happens = falls nichts geschieht
leaving-to-your-organisations-sign-in = Zur Anmeldung Ihrer Organisation
leaving-signed-in = Angemeldet
leaving-go-on = Weiter
