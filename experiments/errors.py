"""The one exception that a user sees as a sentence instead of a traceback."""


class UsageError(ValueError):
    """Something the user can mend: the message names it, what is wrong and what is allowed."""
