"""What a run ran on: the machine without its name, Python and the packages that decide results."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("torch", "sentence-transformers", "numpy", "bm25s", "chromadb", "langchain-core")
"""The packages whose version can change what is found or how it is ordered."""
CPUINFO = Path("/proc/cpuinfo")
GIB = 2**30


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def machine() -> str:
    """Processor, usable cores, memory in GiB, and the system's kernel with its release."""
    memory_gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB
    return (
        f"{processor()}, {usable_cores()} cores, {memory_gib:.0f} GiB, "
        f"{platform.system()} {platform.release()}"
    )


def processor(cpuinfo: Path = CPUINFO) -> str:
    """The model of the processor; its architecture where the system does not name the model."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip() == "model name" and value.strip():
            return " ".join(value.split())
    return platform.machine()


def python_packages() -> str:
    """The version of Python, and those of the packages in ``PACKAGES``."""
    return ", ".join(
        [platform.python_version(), *(f"{name} {_version(name)}" for name in PACKAGES)]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
