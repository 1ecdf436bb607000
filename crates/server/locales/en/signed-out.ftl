signed-out-signed-out = Signed out
signed-out-signed-out-here = Signed out here
signed-out-you-may-still-be-signed = You may still be signed in at { $provider }.
signed-out-sign-out-there-too = Sign out there too
signed-out-sign-in-again = Sign in again
