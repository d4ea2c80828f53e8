"""What a reference says of its source, in the bundled library."""

from __future__ import annotations

import pytest

from assistant.answer import reference
from assistant.page.html import source_label
from corpus.library import load_library

LIBRARY = load_library()


@pytest.mark.parametrize("passage_id", sorted(LIBRARY.passages))
def test_a_reference_has_a_year_only_where_its_source_bears_one(passage_id: str) -> None:
    passage = LIBRARY.passages[passage_id]
    primary = LIBRARY.bibliography[passage.statement.sources[0].key]

    made = reference(1, passage, LIBRARY)

    if primary.year:
        assert str(made.year) in primary.year
    else:
        assert made.year is None
        assert source_label(made) == f"Source 1, {primary.title}"
