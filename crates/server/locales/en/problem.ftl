problem-clauses = Clauses:
problem-back-to-the-start = Back to the start
