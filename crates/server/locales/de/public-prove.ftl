public-prove-prove-your-request = Ihre Anfrage bestätigen
public-prove-proven = Bestätigt
public-prove-your-request-is-on-its = Ihre Anfrage geht an alle, die Gespräche mit Ihrer Adresse aufbewahren, falls es solche gibt. Ein Schreiben sagt Ihnen, wer es ist, und Sie bekommen von dort Antwort. Bleibt sie aus, kommt die Anfrage zu uns zurück.
public-prove-where-does-my-request-stand = Wie steht meine Anfrage?
public-prove-your-reference = Ihr Zeichen
public-prove-the-code-that-was-sent = Der Code, der Ihnen geschickt wurde
public-prove-prove-it = Bestätigen
public-prove-ask-anew = Neu fragen
