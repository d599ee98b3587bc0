"""Who should evaluate which school, as a proposal: every school by two, and of a fifth one from elsewhere.

It is made from the same list in the same way each time, with the reason beside it: schools by code, inspectors by how
many schools they have so far and then by name. What was begun or signed already stays as it is.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from survey_app.definition.messages import Message, message
from survey_app.definition.registry import Registry

RATERS_EACH, CROSSED_EVERY = 2, 5


@dataclass(frozen=True, slots=True)
class ProposalReason:
    """Why the two are proposed."""

    id: str
    sentence: Message


PROPOSAL_REASONS: Registry[ProposalReason] = Registry(
    ProposalReason("own", message("两位都负责这所学校")),
    ProposalReason("crossed", message("每五所交叉一所：第二位来自别的责任区")),
    ProposalReason("single", message("只有一位负责这所学校，第二位来自别的责任区")),
    ProposalReason("alone", message("没有第二位可以评（其余的都回避，或者只有一位督学）")),
    ProposalReason("nobody", message("没有人负责这所学校")),
)


@dataclass(frozen=True, slots=True)
class RaterScope:
    """An inspector: the schools of the account, and those that he does not evaluate."""

    name: str
    codes: frozenset[str]
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RaterProposal:
    """Two inspectors of a school, the one in charge first; ``needs_grant``: whose accounts are not for it yet."""

    school_code: str
    raters: tuple[str, ...]
    reason: str
    needs_grant: tuple[str, ...] = ()


def propose_raters(
    codes: Sequence[str], raters: Sequence[RaterScope], begun: Mapping[str, Collection[str]]
) -> tuple[RaterProposal, ...]:
    """Return one proposal a school. ``begun``: names of who evaluates a school already."""
    load = Counter(name for names in begun.values() for name in names)
    known = {rater.name: rater for rater in raters}
    proposals = []
    for place, code in enumerate(sorted(codes)):
        chosen = [name for name in sorted(begun.get(code, ())) if name in known and code not in known[name].barred]
        wants_foreign = place % CROSSED_EVERY == 0
        while len(chosen) < RATERS_EACH:
            free = [rater for rater in raters if rater.name not in chosen and code not in rater.barred]
            own = [rater for rater in free if code in rater.codes]
            foreign = [rater for rater in free if code not in rater.codes]
            pool = (foreign or own) if chosen and wants_foreign else own or (foreign if chosen else [])
            if not pool:
                break
            best = min(pool, key=lambda rater: (load[rater.name], rater.name))
            chosen.append(best.name)
            load[best.name] += 1
        chosen.sort(key=lambda name: code not in known[name].codes)
        missing = tuple(name for name in chosen if code not in known[name].codes)
        proposals.append(RaterProposal(code, tuple(chosen), _reason(chosen, missing, wants_foreign), missing))
    return tuple(proposals)


def _reason(chosen: Sequence[str], foreign: Sequence[str], wants_foreign: bool) -> str:
    if len(chosen) < RATERS_EACH:
        return "alone" if chosen else "nobody"
    if foreign:
        return "crossed" if wants_foreign else "single"
    return "own"
