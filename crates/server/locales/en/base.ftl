base-skip-to-the-content = Skip to the content
base-policy = Policy
base-your-data = Your data
base-verify = Verify
base-sign-in = Sign in
base-times-in = Times in { $zone }
base-main = Main
