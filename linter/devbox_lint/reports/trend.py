"""What has changed from one run over many repositories to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from devbox_lint.reports.outcome import Outcome
from devbox_lint.startup import NamedTuple


class Trend(NamedTuple):
    """Findings of repositories that are in both runs: ``new``, ``gone``, and those that ``stayed``.

    ``added`` and ``missing`` are the repositories that only the later, or only the earlier run has;
    ``by_repository`` and ``by_rule`` how many more findings there are than before.
    """

    new: int
    gone: int
    stayed: int
    added: tuple[str, ...]
    missing: tuple[str, ...]
    by_repository: dict[str, int]
    by_rule: dict[tuple[str, str], int]

    def of_repository(self, name: str) -> int | None:
        """How many more findings a repository has than before; None for one that is new."""
        return self.by_repository.get(name)

    def of_rule(self, rule: tuple[str, str]) -> int:
        """How many more findings a rule has, by its code and severity."""
        return self.by_rule.get(rule, 0)


def trend_of(after: Sequence[Outcome], before: Sequence[Outcome]) -> Trend:
    """What has changed; a finding is the same where its file, rule and words are, wherever its line has gone."""
    earlier = {outcome.name: outcome for outcome in before}
    later = {outcome.name: outcome for outcome in after}
    new = gone = stayed = 0
    by_repository: dict[str, int] = {}
    by_rule: Counter[tuple[str, str]] = Counter()
    for name in later.keys() & earlier.keys():
        now, then = (Counter(found.key for found in side[name].found) for side in (later, earlier))
        new += (now - then).total()
        gone += (then - now).total()
        stayed += (now & then).total()
        by_repository[name] = now.total() - then.total()
        by_rule.update((found.code, found.severity) for found in later[name].found)
        by_rule.subtract((found.code, found.severity) for found in earlier[name].found)
    return Trend(
        new,
        gone,
        stayed,
        tuple(sorted(later.keys() - earlier.keys())),
        tuple(sorted(earlier.keys() - later.keys())),
        by_repository,
        dict(by_rule),
    )


def change_words(change: int | None) -> str:
    """A change as people read it, None as that of what was not there before."""
    if change is None:
        return "new"
    return "±0" if change == 0 else f"{change:+,}"
