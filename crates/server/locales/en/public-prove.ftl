public-prove-prove-your-request = Prove your request
public-prove-proven = Proven
public-prove-your-request-is-on-its = Your request is on its way to whoever holds conversations with your address, if anybody does. A letter tells you who, and they answer you. Should they stay silent, it comes back to us.
public-prove-where-does-my-request-stand = Where does my request stand?
public-prove-your-reference = Your reference
public-prove-the-code-that-was-sent = The code that was sent to you
public-prove-prove-it = Prove it
public-prove-ask-anew = Ask anew
