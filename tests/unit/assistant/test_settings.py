"""Settings: defaults, then the file, then the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dosing.patient import CalculationPolicy
from assistant.errors import SettingsError
from assistant.settings import FILE, ROOT, Settings, load_settings


def test_the_shipped_file_changes_no_default() -> None:
    assert load_settings(FILE, {}) == Settings()


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    file = tmp_path / "guideline.toml"
    file.write_text('port = 8000\nlibrary = "elsewhere"\nopen_browser = false\n')

    settings = load_settings(file, {"GUIDELINE_PORT": "9000", "PATH": "ignored"})

    assert settings.port == 9000
    assert settings.library == ROOT / "elsewhere"
    assert settings.open_browser is False


@pytest.mark.parametrize("policy", list(CalculationPolicy))
def test_each_policy_of_calculation_can_be_set(tmp_path: Path, policy: CalculationPolicy) -> None:
    file = tmp_path / "guideline.toml"
    file.write_text(f'calculations = "{policy.value}"\n')

    settings = load_settings(file, {})

    assert settings.calculations is policy


def test_unreviewed_rules_calculate_under_their_notice_by_default() -> None:
    assert Settings().calculations is CalculationPolicy.UNREVIEWED_WITH_NOTICE


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"GUIDELINE_PORT": "http"}, "has to be a whole number"),
        ({"GUIDELINE_PORT": "70000"}, "between 1 and 65535"),
        ({"GUIDELINE_COLOUR": "red"}, "Unknown setting 'colour'"),
        ({"GUIDELINE_STORE": "paper"}, "use chroma or memory"),
        ({"GUIDELINE_DENSE_WEIGHT": "2"}, "between 0 and 1"),
        ({"GUIDELINE_OPEN_BROWSER": "perhaps"}, "true or false"),
        ({"GUIDELINE_POOL": "1"}, "10 or more"),
        (
            {"GUIDELINE_CALCULATIONS": "on"},
            "one of: off, unreviewed-with-notice, reviewed-only",
        ),
    ],
)
def test_an_unusable_setting_is_named(environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_settings(FILE, environ)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "guideline.toml"
    file.write_text("port = \n")

    with pytest.raises(SettingsError, match=r"guideline\.toml can't be read"):
        load_settings(file, {})
