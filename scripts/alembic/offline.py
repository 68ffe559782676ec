"""Asks real Alembic, in offline mode, what each revision of a repository sends. Runs the repository's code: see CONTRIBUTING.

    python offline.py ERRAND

ERRAND is a JSON file: `tree` (a checkout), `scripts` (the folder with env.py, below it), `files` (paths of revisions
below the tree), `seconds` (for each direction), `out` (a file that gets one JSON object a line as they come).
"""

import io
import os
import sys
from contextlib import contextmanager
from types import SimpleNamespace

from alembic.config import Config
from alembic.ddl.impl import DefaultImpl
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.inspection import _inspects
from sqlalchemy.sql import dml
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.util import OrderedSet

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import stubs  # noqa: E402
from repository import NeedsDatabase, Repository, failure, limited, load  # noqa: E402


class NoResult:
    """What an execution gives back offline: nothing that could be looked at."""

    def close(self):
        pass


def _needs(what):
    def refuse(*_, **__):
        raise NeedsDatabase(what)

    return refuse


NoResult.__getattr__ = lambda self, name: _needs(f"the result of a query ({name})")()
for _name in ("iter", "bool", "len", "getitem", "eq", "ne", "str", "repr"):
    setattr(NoResult, f"__{_name}__", _needs("the result of a query"))


def _attribute(self, name):
    # Alembic itself asks for the first.
    if name == "in_transaction" or (name.startswith("__") and name.endswith("__")):
        raise AttributeError(name)
    raise NeedsDatabase(f"the connection ({name})")


MockConnection.__getattr__ = _attribute
_inspects(MockConnection)(_needs("an inspector"))
# What comes next begins another transaction.
MockConnection.commit = lambda self: None


def in_order(create_table):
    """Alembic creates the indexes of a table in the order of a set, which is none: here in that of the columns."""

    def place(index):
        columns = list(index.table.columns)
        own = len(index.columns) == 1 and list(index.columns)[0].index
        return (not own, min((columns.index(column) for column in index.columns), default=0), index.name or "")

    def ordered(self, table, **kw):
        table.indexes = OrderedSet(sorted(table.indexes, key=place))
        return create_table(self, table, **kw)

    return ordered


DefaultImpl.create_table = in_order(DefaultImpl.create_table)


@contextmanager
def recording(metadata):
    """Alembic's proxies set up as they are while a revision runs offline; gives the list of what is sent."""
    sent = []
    config = Config()
    script = SimpleNamespace(env_py_location="")
    with EnvironmentContext(config, script, as_sql=True, output_buffer=io.StringIO()) as environment:
        environment.configure(
            dialect_name="postgresql",
            # As text, percent signs would be doubled for a driver that is not there.
            dialect_opts={"paramstyle": "named"},
            literal_binds=True,
            target_metadata=metadata,
            transaction_per_migration=True,
        )
        context = environment.get_context()
        connection = context.connection
        checked = []
        context.impl.static_output = lambda text: sent.append({"sql": text, "checked": bool(checked)})

        visit = connection._run_ddl_visitor

        def visited(visitor, element, **kwargs):
            if kwargs.get("checkfirst"):
                checked.append(element)
            try:
                return visit(visitor, element, **kwargs)
            finally:
                if kwargs.get("checkfirst"):
                    checked.pop()

        execute = connection.execute

        def executed(statement, parameters=None, execution_options=None):
            for bound in with_values(statement, parameters):
                execute(bound)
            return NoResult()

        connection._run_ddl_visitor = visited
        connection.execute = executed
        with Operations.context(context):
            yield sent


def with_values(statement, parameters):
    """The statement with its parameters in it, once for each set of them: offline Alembic leaves them out."""
    if not parameters:
        return [statement]
    sets = parameters if isinstance(parameters, (list, tuple)) else [parameters]
    if isinstance(statement, TextClause):
        return [statement.bindparams(**values) for values in sets]
    if isinstance(statement, dml.Insert):
        return [statement.values(**values) for values in sets]
    raise NeedsDatabase("parameters of a statement")


def direction(module, name, repository, path):
    function = getattr(module, name, None)
    if function is None:
        return {"absent": True}
    stubs.Calls.forget()
    sent = []
    try:
        with limited(repository.seconds), recording(repository.metadata) as sent:
            function()
            stubs.Calls.refuse()
    except BaseException as error:
        return {"failed": failure(error, path), "sent": sent}
    return {"sent": sent}


def revision(repository, path):
    stubs.Calls.forget()
    try:
        with limited(repository.seconds * 3):
            module = load(path)
    except BaseException as error:
        failed = {"failed": failure(error, path, loading=True), "sent": []}
        return {"upgrade": failed, "downgrade": failed}
    return {name: direction(module, name, repository, path) for name in ("upgrade", "downgrade")}


def main():
    repository = Repository(sys.argv[1])
    for file in repository.files:
        repository.say({"begun": file})
        repository.say({"file": file, **revision(repository, repository.path(file))})


main()
