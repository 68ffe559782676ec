"""Runs the upgrades of a repository with real Alembic on a database. Runs the repository's code: see CONTRIBUTING.

    python online.py ERRAND

ERRAND is as for offline.py. The database is the one that the variables of libpq name. Each revision has a transaction of
its own; one that fails leaves nothing and the next is tried, as if it were not there.
"""

import os
import sys
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


def upgrade(engine, repository, path):
    stubs.Calls.forget()
    loading = True
    try:
        with limited(repository.seconds * 3):
            module = load(path)
            loading = False
            with engine.connect() as connection, EnvironmentContext(Config(), SimpleNamespace()) as environment:
                environment.configure(
                    connection=connection,
                    target_metadata=repository.metadata,
                    transaction_per_migration=True,
                )
                context = environment.get_context()
                with context.begin_transaction(_per_migration=True), Operations.context(context):
                    module.upgrade()
                    stubs.Calls.refuse()
    except BaseException as error:
        return {"failed": failure(error, path, loading)}
    return {}


def main():
    repository = Repository(sys.argv[1])
    engine = sqlalchemy.create_engine("postgresql+psycopg2://", poolclass=sqlalchemy.pool.NullPool)
    files, unordered = in_order(repository)
    repository.say({"unordered": unordered})
    for file in files:
        repository.say({"begun": file})
        repository.say({"file": file, **upgrade(engine, repository, repository.path(file))})


main()
