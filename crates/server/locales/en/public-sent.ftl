public-sent-the-code-is-on-its = The code is on its way
public-sent-if-the-address-can-be = If the address can be reached, a code is there in a few minutes. It is good for half an hour, for five attempts. After three requests for the same address in a day no further code is sent.
public-sent-your-reference-it-is-shown = Your reference. It is shown this once; keep it, it opens the state of your request and nothing else.
public-sent-the-code = The code
public-sent-eight-digits = (eight digits)
public-sent-prove-it = Prove it
public-sent-you-may-close-this-page = You may close this page and type reference and code <a>later</a>.
