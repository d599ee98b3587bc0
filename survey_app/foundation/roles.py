"""Who works with the system. The one list of roles: routes name them, accounts have one.

What a role is called on pages: ``admin/people/role_labels.py``.
"""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for. Pages and the label of each come with the pages that the role may see."""

    OFFICE = "office"  # runs waves
    LEADER = "leader"  # approves a release
    PRINCIPAL = "principal"  # sees the own school
    INSPECTOR = "inspector"  # sees the schools that are assigned
    AUDITOR = "auditor"  # reads, changes nothing
    SYSADMIN = "sysadmin"  # keeps accounts, sees no results


STAFF = frozenset(Role)
READERS = frozenset({Role.OFFICE, Role.AUDITOR})
OFFICE = frozenset({Role.OFFICE})
PRINCIPALS = frozenset({Role.PRINCIPAL})
INSPECTORS = frozenset({Role.INSPECTOR})
SCOPED_ROLES = frozenset({Role.PRINCIPAL, Role.INSPECTOR})  # their grants say for which schools
INSPECTORS = frozenset({Role.INSPECTOR})
RELEASED_TO = frozenset({Role.LEADER})  # sees results that were released, or that he is asked to release
SCHOOL_READERS = READERS | SCOPED_ROLES
RESULT_READERS = READERS | RELEASED_TO
KEEPERS_ONLY = frozenset({Role.SYSADMIN})  # accounts, backups, health; no wave and no result
KEEPERS = frozenset({Role.OFFICE, Role.AUDITOR, Role.SYSADMIN})  # what is kept, and for how long
KEEPERS_OF_ACCOUNTS = frozenset({Role.OFFICE, Role.SYSADMIN})
NOBODY: frozenset[Role] = frozenset()
