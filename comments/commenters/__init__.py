"""What people without an account may do with what they wrote: see, change, export, erase.

Way in: `own_comments`, `status`, `erasures`.
"""
