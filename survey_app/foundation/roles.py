"""Who works with the system. The one list of roles: routes name them, accounts have one."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for. Pages and the label of each come with the pages that the role may see."""

    OFFICE = "office"  # runs waves
    LEADER = "leader"  # approves a release
    PRINCIPAL = "principal"  # sees the own school
    INSPECTOR = "inspector"  # sees the schools that are assigned
    AUDITOR = "auditor"  # reads, changes nothing
    SYSADMIN = "sysadmin"  # keeps accounts, sees no results


ASSIGNABLE_ROLES = (Role.OFFICE, Role.AUDITOR, Role.SYSADMIN)  # those that have pages; the others come with theirs

STAFF = frozenset(ASSIGNABLE_ROLES)
READERS = frozenset({Role.OFFICE, Role.AUDITOR})
OFFICE = frozenset({Role.OFFICE})
NOBODY: frozenset[Role] = frozenset()
