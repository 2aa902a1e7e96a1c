"""The second factor of an account: an app's codes, passkeys, recovery codes.

Way in: `services` (who must have one, checking a code, setting up), `lockout` for guessed
passwords; `views` and `urls` are the pages below the admin.
"""
