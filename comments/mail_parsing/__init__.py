"""What somebody wrote in a mail: its lines, what is quoted, signatures, addresses.

Way in: `reading.read`, then `answers.split`. It knows no comment and no person.
"""
