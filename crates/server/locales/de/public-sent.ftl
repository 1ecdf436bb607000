public-sent-the-code-is-on-its = Der Code ist unterwegs
public-sent-if-the-address-can-be = Wenn die Adresse erreichbar ist, kommt dort in wenigen Minuten ein Code an. Er gilt eine halbe Stunde und für fünf Versuche. Nach drei Anfragen für dieselbe Adresse an einem Tag wird kein weiterer verschickt.
public-sent-your-reference-it-is-shown = Ihr Zeichen. Es wird nur dieses eine Mal gezeigt; bewahren Sie es auf, es öffnet den Stand Ihrer Anfrage und sonst nichts.
public-sent-the-code = Der Code
public-sent-eight-digits = (acht Ziffern)
public-sent-prove-it = Bestätigen
public-sent-you-may-close-this-page = Sie können diese Seite schließen und Zeichen und Code <a>später</a> eingeben.
