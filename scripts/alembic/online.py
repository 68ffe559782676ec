"""Runs the upgrades of a repository with real Alembic on a database. Runs the repository's code: see CONTRIBUTING.

    python online.py ERRAND

ERRAND is as for offline.py. The database is the one that the variables of libpq name. Each revision has a transaction of
its own; one that fails leaves nothing and the next is tried, as if it were not there. After each one it waits until the
file beside its answers, whose name ends in `.turns`, has a byte more.
"""

import os
import sys
import time
from types import ModuleType, SimpleNamespace

import sqlalchemy
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory, base

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conventions  # noqa: E402
import stubs  # noqa: E402
from repository import Repository, failure, limited, load  # noqa: E402


def placeable(load_python_file):
    """Alembic stops at one file that cannot be imported; what such a file says of its place is as good."""

    def loaded(folder, name):
        try:
            return load_python_file(folder, name)
        except BaseException:
            module = ModuleType(name)
            vars(module).update(upgrade=None, downgrade=None, **conventions.literals(os.path.join(folder, name)))
            return module

    return loaded


def in_order(repository):
    """The files in the order of `alembic upgrade heads`; why they are in the errand's, when Alembic cannot tell."""
    folders = sorted({os.path.dirname(repository.path(file)) for file in repository.files})
    base.util.load_python_file = placeable(base.util.load_python_file)
    try:
        with limited(repository.seconds * 3):
            directory = ScriptDirectory(repository.scripts, version_locations=folders)
            steps = directory._upgrade_revs("heads", None)
            paths = [os.path.relpath(step.revision.path, repository.tree) for step in steps]
    except BaseException as error:
        return repository.files, f"{type(error).__name__}: {stubs.said(error)}"
    return paths, None


class Line:
    """One connection for all revisions, as Alembic has it, or a new one after a failure."""

    def __init__(self, engine):
        self.engine = engine
        self.open = None

    def connection(self):
        if self.open is None or self.open.closed or self.open.invalidated:
            self.open = self.engine.connect()
        return self.open

    def settle(self):
        """What a revision did not bring to an end is rolled back, as at the end of a run."""
        if self.open is not None and (self.open.invalidated or self.open.in_transaction()):
            self.end()

    def end(self):
        if self.open is not None:
            self.open.close()
        self.open = None


def upgrade(line, repository, path):
    stubs.Calls.forget()
    loading = True
    try:
        with limited(repository.seconds * 3):
            module = load(path)
            loading = False
            with EnvironmentContext(Config(), SimpleNamespace()) as environment:
                environment.configure(
                    connection=line.connection(),
                    target_metadata=repository.metadata,
                    transaction_per_migration=True,
                )
                context = environment.get_context()
                with context.begin_transaction(_per_migration=True), Operations.context(context):
                    module.upgrade()
                    stubs.Calls.refuse()
        line.settle()
    except BaseException as error:
        failed = failure(error, path, loading)
        line.end()
        return {"failed": failed}
    return {}


def wait(turns, taken):
    while not os.path.exists(turns) or os.path.getsize(turns) < taken:
        time.sleep(0.005)


def main():
    repository = Repository(sys.argv[1])
    line = Line(sqlalchemy.create_engine("postgresql+psycopg2://", poolclass=sqlalchemy.pool.NullPool))
    files, unordered = in_order(repository)
    repository.say({"unordered": unordered})
    for taken, file in enumerate(files, 1):
        repository.say({"begun": file})
        repository.say({"file": file, **upgrade(line, repository, repository.path(file))})
        wait(f"{repository.out.name}.turns", taken)


main()
