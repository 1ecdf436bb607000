names-the-command-line = the command line
names-a-guest = a guest
names-an-api-key = an API key
names-somebody-who-left = somebody who left
