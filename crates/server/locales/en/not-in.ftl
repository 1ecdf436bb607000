not-in-not-signed-in = Not signed in
not-in-back-to-the-sign-in = Back to the sign-in
