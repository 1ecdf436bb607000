not-in-not-signed-in = Nicht angemeldet
not-in-back-to-the-sign-in = Zurück zur Anmeldung
