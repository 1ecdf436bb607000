problem-clauses = Klauseln:
problem-back-to-the-start = Zurück zum Anfang
