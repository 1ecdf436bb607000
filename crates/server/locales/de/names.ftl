names-the-command-line = die Befehlszeile
names-a-guest = ein Gast
names-an-api-key = ein API-Schlüssel
names-somebody-who-left = jemand, der gegangen ist
