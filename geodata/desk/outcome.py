"""What a trial came to as plain JSON, for whoever shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from geodata.ingest.reasons import Lang
from geodata.report.account import COUNTS, accounts

if TYPE_CHECKING:
    from geodata.model.profile import Profile
    from geodata.report.account import FileAccount, Reason
    from geodata.store.snapshots import City

LANGUAGES: Final[tuple[Lang, ...]] = get_args(Lang)

Json = dict[str, Any]


def outcome(city: City) -> Json:
    """Sum a trial up: counts of the city, and the account of every file."""
    counts: dict[str, int] = city.meta["counts"]
    units = sum(count for key, count in counts.items() if key.startswith("level "))
    return {
        "counts": {
            "units": units,
            "buildings": counts["buildings"],
            "incidents": counts["incidents"],
        },
        "files": [_account(account, city.profile) for account in accounts(city.findings)],
    }


def _account(account: FileAccount, profile: Profile) -> Json:
    return {
        **{lang: account.title(profile, lang) for lang in LANGUAGES},
        **{count: getattr(account, count) for count in COUNTS},
        "reasons": [
            {"action": reason.outcome, **{lang: _reason(reason, lang) for lang in LANGUAGES}}
            for reason in account.reasons
        ],
    }


def _reason(reason: Reason, lang: Lang) -> Json:
    """Say in a language what was found, how often, where, and what to do."""
    return {
        "found": reason.words(lang),
        "times": reason.counted(lang),
        "where": reason.place(lang),
        "cure": reason.cure(lang),
    }
