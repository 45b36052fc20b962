"""The one error that is meant for a person."""


class UserError(Exception):
    """Something a person can mend; its text is one line that says how."""
