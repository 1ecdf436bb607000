public-status-where-your-request-stands = Where your request stands
public-status-you-want-to = You want to
public-status-received = Received
public-status-answer-by = Answer by
public-status-your-reference = Your reference
public-status-show = Show
public-status-ask-about-your-data = Ask about your data
public-status-i-have-a-code = I have a code
