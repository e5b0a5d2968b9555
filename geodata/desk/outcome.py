"""What a trial came to as plain JSON, for whoever shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, get_args

from geodata.ingest.reasons import Lang
from geodata.report.account import COUNTS, accounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.model.profile import Profile
    from geodata.report import Unused
    from geodata.report.account import FileAccount, Reason
    from geodata.store.snapshots import City

LANGUAGES: Final[tuple[Lang, ...]] = get_args(Lang)

Json = dict[str, Any]


def outcome(city: City, unused: Sequence[Unused] = ()) -> Json:
    """Sum a trial up: counts of the city, the account of every file, and files not used."""
    counts: dict[str, int] = city.meta["counts"]
    units = sum(count for key, count in counts.items() if key.startswith("level "))
    return {
        "counts": {
            "units": units,
            "buildings": counts["buildings"],
            "incidents": counts["incidents"],
        },
        "files": [_account(account, city.profile) for account in accounts(city.findings)],
        "unused": [asdict(file) for file in unused],
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
        "cure": reason.cure(lang, on_page=True),
    }
