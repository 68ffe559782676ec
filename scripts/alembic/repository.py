"""What both ways of running a repository's revisions share: where its modules come from, limits, and why one fails."""

import importlib.util
import json
import os
import signal
import sys
import traceback
from contextlib import contextmanager

import sqlalchemy
from alembic import __version__ as alembic_version

import conventions
import stubs


class NeedsDatabase(BaseException):
    """The revision asks the database something, which nobody answers offline."""


class TimeLimit(BaseException):
    pass


stubs.passing = (NeedsDatabase, TimeLimit)


@contextmanager
def limited(seconds):
    def over(*_):
        raise TimeLimit(f"{seconds} s")

    signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def load(path):
    """The module of a revision; it may take a while, since it may import the application."""
    name = os.path.basename(path).replace(".", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def failure(error, path, loading=False):
    """Why a direction did not come to its end: `kind` says whose doing it is."""
    if isinstance(error, stubs.StubUsed):
        kind = "stub"
    elif isinstance(error, NeedsDatabase):
        kind = "database"
    elif isinstance(error, TimeLimit):
        kind = "time"
    elif stubs.Calls.names:
        kind = "stub"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        # A revision that raises by itself, and not in what it calls.
        own = bool(frames) and frames[-1].filename == path and (frames[-1].line or "").lstrip().startswith("raise")
        kind = "raised" if own else "error"
    return {"kind": kind, "type": type(error).__name__, "message": stubs.said(error), "loading": loading}


class Repository:
    """A checkout with the modules of its own, and the file that is told what becomes of its revisions."""

    def __init__(self, errand):
        with open(errand, encoding="utf-8") as file:
            given = json.load(file)
        self.tree = os.path.realpath(given["tree"])
        self.scripts = os.path.normpath(os.path.join(self.tree, given["scripts"]))
        self.files = given["files"]
        self.seconds = given["seconds"]
        self.out = open(given["out"], "a", encoding="utf-8")
        sys.meta_path.insert(0, stubs.Finder(self.tree))
        # Behind what is installed, so that a folder called `alembic` hides nothing.
        sys.path.extend(self._roots())
        convention, others = conventions.of_tree(self.tree)
        self.metadata = sqlalchemy.MetaData(naming_convention=convention) if convention else None
        self._prepare()
        versions = {"alembic": alembic_version, "sqlalchemy": sqlalchemy.__version__}
        self.say({**versions, "convention": convention, "conventions": others, "modules": stubs.failures})

    def say(self, what):
        self.out.write(json.dumps(what) + "\n")
        self.out.flush()

    def path(self, file):
        return os.path.join(self.tree, file)

    def _roots(self):
        """Where modules are looked for: the folders from the one above the scripts up to the top."""
        found = []
        at = self.scripts
        while at != self.tree:
            at = os.path.dirname(at)
            found.append(at)
        return found or [self.tree]

    def _prepare(self):
        try:
            with limited(self.seconds * 3):
                conventions.imports(os.path.join(self.scripts, "env.py"))
        except BaseException as error:
            stubs.failures["env.py"] = f"{type(error).__name__}: {stubs.said(error)}"
