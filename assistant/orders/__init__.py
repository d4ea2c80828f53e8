"""An order in a clinician's own words -> what is wrong with it, beside what the library gives.

The verdict of each dose comes from the comparison with every passage that may support a dose;
this package names what is wrong, shows the library's own doses, and adds what draft rules say.
"""

from assistant.orders.checker import LibraryChecker
from assistant.orders.library_doses import supports_doses
from assistant.orders.model import NO_NUMBERS, OrderCheck, OrderFinding, Problem, ProblemKind
from assistant.orders.render import render_check

__all__ = [
    "NO_NUMBERS",
    "LibraryChecker",
    "OrderCheck",
    "OrderFinding",
    "Problem",
    "ProblemKind",
    "render_check",
    "supports_doses",
]
