"""Settings from the environment, read once, frozen; every key starts with `YIPING_`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from geodata.engine.choice import TWIN, Choice

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX: Final = "YIPING_"
PIN: Final = re.compile(r"[0-9]{6,12}")
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class SettingsError(Exception):
    """A setting that cannot be used; the message names its key."""


class Settings(BaseSettings):
    """How this process runs; what the city is stands in its profile, not here."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65_535)
    threads: int = Field(default=48, ge=1, le=256)
    real_data: Path = Path("../shared/data")  # files of real cities, for trials and tests
    trusted_hosts: Annotated[tuple[str, ...], NoDecode] = ()  # names a browser may use for us
    local_operator: bool = True  # False: a token is asked for even on this very machine
    feed: bool = True  # let a made-up city go on living
    engine: Choice = "auto"  # the fused scan; duckdb: without compiled kernels, slower
    warehouse: str = Field(default="", validate_default=True)  # URL for engine=postgresql
    journal: str = ""  # URL of the database for events; "" = a file of SQLite in the data directory
    inbox: bool = True  # take the files that are dropped into the data directory's inbox
    warnings: bool = True  # judge every few minutes whether cases that arrived are worth an alert
    grounds: bool = True  # prepare the land of a new city for planning, in the background
    backup: Path | None = None  # folder for a backup a day; None = the server makes none
    fonts: Path | None = None  # folder of a font with Chinese for PDFs; None = the system's
    wall_pin: SecretStr = SecretStr("")  # six digits or more for the wall's remote; "" = it is shut
    debug: bool = False  # more lines in the log; never more words to the browser

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip().lower() for name in value.split(",") if name.strip())
        return value

    @field_validator("warehouse")
    @classmethod
    def _named(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("engine") == TWIN and not value:
            msg = "the engine postgresql needs the URL of its database"
            raise ValueError(msg)
        return value

    @field_validator("wall_pin")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not PIN.fullmatch(value.get_secret_value()):
            msg = "write six to twelve digits"
            raise ValueError(msg)
        return value

    @property
    def on_network(self) -> bool:
        """Whether other machines can reach the port."""
        return self.host not in LOOPBACK


def read_settings() -> Settings:
    """Read and check the settings of this process's environment.

    Raises:
        SettingsError: naming every key that is unknown or has an unusable value.
    """
    unknown = _unknown(os.environ)
    if unknown:
        message = f"{', '.join(unknown)}: no such setting; there are {', '.join(_known())}"
        raise SettingsError(message)
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise SettingsError(faults) from error


def _known() -> list[str]:
    return sorted(f"{PREFIX}{name}".upper() for name in Settings.model_fields)


def _unknown(given: Iterable[str]) -> list[str]:
    names = {key.upper() for key in given if key.upper().startswith(PREFIX)}
    return sorted(names.difference(_known()))
