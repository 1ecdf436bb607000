overview-overview = Überblick
overview-to-days-in-utc = { $from } bis { $to }, Tage in UTC
overview-period = Zeitraum
overview-channel = Kanal
overview-from = Von
overview-to = bis
overview-show = Zeigen
overview-remove-this-filter = diesen Filter entfernen
overview-nothing-began-in-this-period = In diesem Zeitraum begann nichts. <a>Nehmen Sie etwas auf</a> oder wählen Sie einen längeren.
overview-volume-by-day-and-channel = Menge nach Tag und Kanal
overview-calls = Anrufe
overview-chats = Chats
overview-mails = E-Mails
overview-the-same-as-a-table = Dasselbe als Tabelle
overview-volume-by-day = Menge nach Tag
overview-day = Tag
overview-interactions = Gespräche
overview-by-channel = Nach Kanal
overview-contact-reasons = Anliegen
overview-no-category-is-published-yet = Noch ist keine Kategorie veröffentlicht. <a>Schreiben Sie eine</a>, oder speichern Sie eine Suche als Kategorie.
overview-interactions-in-which-a-published = Gespräche, in denen eine veröffentlichte Kategorie zutrifft, über alle Zeit. Öffnet die neuesten davon.
overview-category = Kategorie
overview-found-in = Gefunden in
overview-share-of-the-most-frequent = Anteil am häufigsten
overview-number = Anzahl
overview-mean-length = Mittlere Dauer
overview-silence = Stille
overview-overtalk = Durcheinanderreden
overview-response-gap = Antwortzeit
overview-removed-by-kind = Entfernt, nach Art
overview-nothing-was-removed-in-this = In diesem Zeitraum wurde nichts entfernt.
overview-kind = Art
overview-spans = Stellen
overview-in-interactions = In Gesprächen
overview-all-interactions-of-this-period = Alle Gespräche dieses Zeitraums
overview-all-channels = Alle Kanäle
overview-calls-chats-and-mail-threads = Anrufe, Chats und E-Mail-Wechsel, die im Zeitraum begannen (UTC).
overview-silence-in-calls = Stille in Anrufen
overview-silence-of-3-s-and = Stille von 3 s und mehr als Anteil an der Dauer der Anrufe. Öffnet die Anrufe mit solcher.
overview-overtalk-in-calls = Durcheinanderreden in Anrufen
overview-both-speaking-for-1-s = Beide reden 1 s und länger, als Anteil an der Redezeit. Öffnet die Anrufe mit solchem.
overview-response-gap-in-calls = Antwortzeit in Anrufen
overview-mean-time-from-the-end = Mittlere Zeit vom Ende des Beitrags des Kunden bis zur Antwort. Öffnet die mit 10 s und mehr.
overview-removed = Entfernt
overview-spans-of-personal-or-card = Stellen mit persönlichen oder Kartendaten, die aus Worten und Ton genommen wurden; die Arten stehen unten.
overview-not-processed = Nicht verarbeitet
overview-failed-at-a-stage-or = An einer Stufe gescheitert oder von der Datenschutzerklärung angehalten. Öffnet die Gründe.
overview-days = { $days } Tage
overview-change = { $change } gegen den Zeitraum davor
overview-count-voice = { $count ->
    [one] { $count } Anruf
   *[other] { $count } Anrufe
    }
overview-count-chat = { $count ->
    [one] { $count } Chat
   *[other] { $count } Chats
    }
overview-count-email = { $count ->
    [one] { $count } E-Mail
   *[other] { $count } E-Mails
    }
overview-team = Team
overview-all-teams = Alle Teams
overview-interactions-of-the-period-in = Gespräche des Zeitraums, auf die eine veröffentlichte Kategorie zutrifft, und die Änderung gegen den Zeitraum davor. Öffnet die neuesten davon.
overview-change-column = Änderung
overview-change-points = { $points } Punkte gegen den Zeitraum davor
overview-alerts = Meldungen
overview-raised-in-the-period = Im Zeitraum ausgelöst, gleich zu welchen Gesprächen. Öffnet die neuesten.
overview-redaction-misses = Schwärzung verfehlt
overview-share-of-planted-data = Anteil ausgelegter persönlicher und Kartendaten, die lesbar geblieben sind, in der neuesten Prüfung dieser Installation.
overview-measured = gemessen am { $day }, { $planted } ausgelegt
overview-sentiment = Stimmung der Kundschaft
overview-how-the-consumers-words-sound = Wie die Worte der Kundschaft nach dem Wörterbuch VADER (Englisch) klingen, von -1 bis 1: das Mittel über die Gespräche. Keine Stimmen, nichts von der Bedienung. Öffnet die mit -0,05 und weniger.
overview-sentiment-column = Stimmung
