signed-out-signed-out = Abgemeldet
signed-out-signed-out-here = Hier abgemeldet
signed-out-you-may-still-be-signed = Bei { $provider } sind Sie vielleicht noch angemeldet.
signed-out-sign-out-there-too = Auch dort abmelden
signed-out-sign-in-again = Wieder anmelden
