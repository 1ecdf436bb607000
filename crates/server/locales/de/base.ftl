base-skip-to-the-content = Zum Inhalt springen
base-policy = Datenschutz
base-your-data = Ihre Daten
base-verify = Prüfen
base-sign-in = Anmelden
base-times-in = Zeiten in { $zone }
base-main = Hauptmenü
