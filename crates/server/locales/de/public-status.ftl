public-status-where-your-request-stands = Wie Ihre Anfrage steht
public-status-you-want-to = Sie möchten
public-status-received = Eingegangen
public-status-answer-by = Antwort bis
public-status-your-reference = Ihr Zeichen
public-status-show = Zeigen
public-status-ask-about-your-data = Nach Ihren Daten fragen
public-status-i-have-a-code = Ich habe einen Code
