"""Settings: the defaults, then guideline.toml, then the environment (GUIDELINE_*)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.dosing.patient.model import CalculationPolicy
from assistant.errors import SettingsError
from corpus.review import LEVELS

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "guideline.toml"
PREFIX = "GUIDELINE_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that someone may want to change; guideline.toml explains each."""

    library: Path = ROOT / "corpus" / "library"
    least_review: str = "submitted"
    as_of: str = ""
    calculations: CalculationPolicy = CalculationPolicy.UNREVIEWED_WITH_NOTICE
    data: Path = ROOT / "var"
    model: str = ""
    model_sha256: str = ""
    store: str = "chroma"
    dense_weight: float = 0.69
    pool: int = 100
    host: str = "127.0.0.1"
    port: int = 7860
    open_browser: bool = True
    frame_ancestors: str = "'self'"

    @property
    def index_folder(self) -> Path:
        """Where the builds of the index stand."""
        return self.data / "index"

    @property
    def record_folder(self) -> Path:
        """Where the audit records stand."""
        return self.data / "records"

    @property
    def audit_folder(self) -> Path:
        """Where a line of each checked number stands, without question or patient."""
        return self.data / "audit"


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Defaults, overridden by the file, overridden by the environment.

    Raises SettingsError naming the setting and the values that it takes.
    """
    settings = Settings()
    if path.exists():
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsError(
                f"{path.name} can't be read: {error}. Correct that line."
            ) from error
        settings = _apply(settings, raw, path.name)
    prefixed = {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environ.items()
        if key.startswith(PREFIX)
    }
    return _validated(_apply(settings, prefixed, "the environment"))


def _apply(settings: Settings, raw: Mapping[str, Any], where: str) -> Settings:
    known = {field.name: field.type for field in fields(Settings)}
    changes: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in known:
            raise SettingsError(
                f"Unknown setting '{key}' in {where}. Use one of: {', '.join(known)}."
            )
        changes[key] = _convert(key, str(known[key]), value, where)
    return replace(settings, **changes)


def _convert(key: str, kind: str, value: object, where: str) -> object:
    try:
        match kind:
            case "Path":
                path = Path(str(value))
                return path if path.is_absolute() else ROOT / path
            case "int":
                return int(str(value))
            case "float":
                return float(str(value))
            case "bool":
                if str(value).lower() not in ("true", "false", "1", "0"):
                    raise ValueError(value)
                return str(value).lower() in ("true", "1")
            case "CalculationPolicy":
                return CalculationPolicy(str(value))
            case _:
                return str(value)
    except ValueError:
        raise SettingsError(
            f"The setting '{key}' in {where} is '{value}'; it has to be {_KINDS[kind]}."
        ) from None


_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "CalculationPolicy": f"one of: {', '.join(CalculationPolicy)}",
}


TODAY = "today"


def _validated(settings: Settings) -> Settings:
    if settings.least_review not in LEVELS:
        raise SettingsError(
            f"The setting 'least_review' is '{settings.least_review}'; "
            f"use one of: {', '.join(LEVELS)}."
        )
    if settings.as_of not in ("", TODAY) and not _is_day(settings.as_of):
        raise SettingsError(
            f"The setting 'as_of' is '{settings.as_of}'; use a date such as 2026-01-31, 'today', "
            "or leave it empty."
        )
    if settings.store not in ("chroma", "memory"):
        raise SettingsError(f"The setting 'store' is '{settings.store}'; use chroma or memory.")
    if not 0 <= settings.dense_weight <= 1:
        raise SettingsError("The setting 'dense_weight' has to lie between 0 and 1.")
    if not 1 <= settings.port <= 65_535:
        raise SettingsError("The setting 'port' has to lie between 1 and 65535.")
    if settings.pool < 10:
        raise SettingsError("The setting 'pool' has to be 10 or more.")
    return settings


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
