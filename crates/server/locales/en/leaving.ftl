leaving-if-nothing-happens = if nothing happens
leaving-to-your-organisations-sign-in = To your organisation's sign-in
leaving-signed-in = Signed in
leaving-go-on = Go on
