"""A library folder -> documents, passages, vocabulary, bibliography and drug names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from corpus.asked import load_asked
from corpus.bibliography import Bibliography, load_bibliography
from corpus.drugs import DrugTable, load_drugs
from corpus.editions import edition_problems, in_force
from corpus.errors import LibraryError, Problem, SourceAltered
from corpus.model import Document, Passage, Review, Statement, sha256
from corpus.parse import Names, parse_document
from corpus.review import ReviewEntry, load_reviews, status_of
from corpus.split import VERSION, split
from corpus.vocabulary import Vocabulary, load_vocabulary

BUNDLED = Path(__file__).parent / "library"


@dataclass(frozen=True, eq=False)
class Library:
    """Everything that was read from one library folder, checked.

    ``documents`` are those that answers may use: in force, and reviewed as far as was asked
    for. Passages and fingerprint are theirs alone. ``all_documents`` holds every edition.
    """

    folder: Path
    vocabulary: Vocabulary
    bibliography: Bibliography
    drugs: DrugTable
    documents: Mapping[str, Document]
    all_documents: Mapping[str, Document] = field(default_factory=dict)
    reviews: tuple[ReviewEntry, ...] = ()
    all_asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def asked(self) -> Mapping[str, tuple[str, ...]]:
        """The questions that help to find each passage, by its id; none where none are written."""
        return {id_: self.all_asked[id_] for id_ in self.passages if id_ in self.all_asked}

    @cached_property
    def names(self) -> Names:
        """What a document of this library may refer to."""
        return names_of(self.vocabulary, self.bibliography, self.drugs)

    @cached_property
    def passages(self) -> Mapping[str, Passage]:
        """Every passage by its id, in the order of the documents and their text."""
        return {p.id: p for document in self.documents.values() for p in split(document)}

    @cached_property
    def all_passages(self) -> Mapping[str, Passage]:
        """Every passage of every edition, also of those that answers may not use."""
        return {p.id: p for d in self.all_documents.values() for p in split(d)}

    @cached_property
    def drugs_covered(self) -> frozenset[str]:
        """Ids of the drugs of which at least one statement speaks."""
        return frozenset(d for p in self.passages.values() for d in p.statement.facets.drugs)

    @cached_property
    def fingerprint(self) -> str:
        """Hex SHA-256 over all that is searched: the documents in use and how they are cut."""
        lines = [VERSION, *(f"{d.id} {d.sha256}" for d in self.documents.values())]
        lines += [f"{id_} {question}" for id_, asked in self.asked.items() for question in asked]
        return sha256("\n".join(lines))

    def quote(self, passage: Passage) -> str:
        """The passage's text, read again from its document by offset.

        Raises SourceAltered when the slice is no longer the text that was indexed.
        """
        document = self.documents.get(passage.document_id)
        if document is None:
            raise SourceAltered(
                f"{passage.id} quotes a document that is no longer in the library. "
                "Build the index again: python -m assistant index."
            )
        text = document.text[passage.span.start : passage.span.end]
        if sha256(text) != passage.sha256:
            raise SourceAltered(
                f"{passage.id} has changed since it was indexed. Review the change and "
                "build the index again: python -m assistant index."
            )
        return text


def load_library(
    folder: Path = BUNDLED,
    *,
    as_of: date | None = None,
    least_review: Review = Review.SUBMITTED,
) -> Library:
    """Read and check a library; its documents are those that answers may use.

    ``as_of`` asks for the editions in force on that day; without it, for those that no other
    supersedes. ``least_review`` is the least review status of a document; a rejected one is
    never used. Raises LibraryError with every mistake, and NothingInForce when nothing is left.
    """
    library = load_all_editions(folder)
    return replace(library, documents=in_force(library.all_documents, as_of, least_review))


def load_all_editions(folder: Path = BUNDLED) -> Library:
    """Read and check a library with all its editions; LibraryError lists every mistake at once.

    Its ``documents`` are all of them: for reading and reviewing, never for answers.
    """
    read = read_library(folder)
    if read.problems:
        raise LibraryError(read.problems)
    return read.library


@dataclass(frozen=True, slots=True)
class Read:
    """A library of the documents that could be read, and every mistake in the others.

    ``broken`` maps the paths of those others to what statements could be read of them.
    """

    library: Library
    problems: tuple[Problem, ...]
    broken: Mapping[str, tuple[Statement, ...]]


def read_library(folder: Path) -> Read:
    """Read what can be read; LibraryError only without vocabulary or bibliography."""
    vocabulary = load_vocabulary(folder / "library.toml")
    bibliography = load_bibliography(folder / "bibliography.json")
    drugs = load_drugs()
    names = names_of(vocabulary, bibliography, drugs)
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    broken: dict[str, tuple[Statement, ...]] = {}
    paths = sorted((folder / "documents").glob("*.md"))
    if not paths:
        remedy = "Add one, or point the setting 'library' at another folder."
        problems.append(Problem(folder.name, 1, "The library holds no document.", remedy))
    for path in paths:
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            what = f"The file is not UTF-8 text (byte {error.start})."
            problems.append(Problem(path.name, 1, what, "Save it again as UTF-8."))
            continue
        except OSError as error:
            what = f"The file can't be read: {error.strerror}."
            problems.append(Problem(path.name, 1, what, "Correct its permissions."))
            continue
        parsed = parse_document(text, path.name, names)
        problems.extend(parsed.problems)
        if parsed.document is None:
            broken[path.name] = parsed.statements
            continue
        if parsed.document.id in documents:
            what = (
                f"The document id '{parsed.document.id}' is already used by "
                f"{documents[parsed.document.id].path}."
            )
            problems.append(Problem(path.name, 2, what, "Give this document its own id."))
            continue
        documents[parsed.document.id] = parsed.document
    unread = {path.stem for path in paths} - documents.keys()
    problems.extend(edition_problems(documents, unread))
    reviews: tuple[ReviewEntry, ...] = ()
    try:
        reviews = load_reviews(folder)
    except LibraryError as error:
        problems.extend(error.problems)
    asked, mistakes = load_asked(folder, documents)
    problems.extend(mistakes)
    documents = {d.id: replace(d, review=status_of(d, reviews)) for d in documents.values()}
    library = Library(
        folder=folder,
        vocabulary=vocabulary,
        bibliography=bibliography,
        drugs=drugs,
        documents=documents,
        all_documents=documents,
        reviews=reviews,
        all_asked=asked,
    )
    return Read(library, tuple(problems), broken)


def names_of(vocabulary: Vocabulary, bibliography: Bibliography, drugs: DrugTable) -> Names:
    """What a document may refer to."""
    return Names(
        vocabulary=vocabulary,
        is_source=lambda key: key in bibliography,
        is_drug=lambda drug_id: drug_id in drugs,
    )
