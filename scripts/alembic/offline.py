"""Asks real Alembic, in offline mode, what each revision of a repository sends. Runs the repository's code: see CONTRIBUTING.

    python offline.py ERRAND

ERRAND is a JSON file: `tree` (a checkout), `scripts` (the folder with env.py, below it), `files` (paths of revisions
below the tree), `seconds` (for each direction), `out` (a file that gets one JSON object a line as they come).
"""

import importlib.util
import io
import json
import os
import signal
import sys
import traceback
from contextlib import contextmanager
from types import SimpleNamespace

import sqlalchemy
from alembic import __version__ as alembic_version
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
import conventions  # noqa: E402
import stubs  # noqa: E402


class NeedsDatabase(BaseException):
    """The revision asks the database something, which nobody answers offline."""


class TimeLimit(BaseException):
    pass


stubs.passing = (NeedsDatabase, TimeLimit)


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
def recording(convention):
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
            target_metadata=sqlalchemy.MetaData(naming_convention=convention) if convention else None,
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
    name = os.path.basename(path).replace(".", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def failure(error, path):
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
    return {"kind": kind, "type": type(error).__name__, "message": stubs._said(error)}


def direction(module, name, convention, seconds, path):
    function = getattr(module, name, None)
    if function is None:
        return {"absent": True}
    stubs.Calls.forget()
    sent = []
    try:
        with limited(seconds), recording(convention) as sent:
            function()
    except BaseException as error:
        return {"failed": failure(error, path), "sent": sent}
    if stubs.Calls.names:
        message = f"{stubs.Calls.names[0]} is not there (call)"
        return {"failed": {"kind": "stub", "type": "StubUsed", "message": message}, "sent": sent}
    return {"sent": sent}


def revision(path, convention, seconds):
    stubs.Calls.forget()
    try:
        with limited(seconds * 3):
            module = load(path)
    except BaseException as error:
        failed = {"failed": {**failure(error, path), "loading": True}, "sent": []}
        return {"upgrade": failed, "downgrade": failed}
    return {name: direction(module, name, convention, seconds, path) for name in ("upgrade", "downgrade")}


def prepare(env, seconds):
    try:
        with limited(seconds):
            conventions.imports(env)
    except BaseException as error:
        stubs._TreeLoader.failures["env.py"] = f"{type(error).__name__}: {stubs._said(error)}"


def roots(tree, scripts):
    """Where the repository's own modules are looked for: the folders from that of the scripts up to the top."""
    found = []
    at = os.path.normpath(os.path.join(tree, scripts))
    while at.startswith(tree):
        found.append(at)
        if at == tree:
            break
        at = os.path.dirname(at)
    return found[1:] if len(found) > 1 else found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        errand = json.load(file)
    tree = os.path.realpath(errand["tree"])
    sys.meta_path.insert(0, stubs.Finder(tree))
    # Behind what is installed, so that a folder called `alembic` hides nothing.
    sys.path.extend(roots(tree, errand["scripts"]))
    with open(errand["out"], "a", encoding="utf-8") as out:

        def say(what):
            out.write(json.dumps(what) + "\n")
            out.flush()

        convention, others = conventions.of_tree(tree)
        prepare(os.path.join(tree, errand["scripts"], "env.py"), errand["seconds"] * 3)
        say(
            {
                "alembic": alembic_version,
                "sqlalchemy": sqlalchemy.__version__,
                "convention": convention,
                "conventions": others,
            }
        )
        for file in errand["files"]:
            say({"begun": file})
            say({"file": file, **revision(os.path.join(tree, file), convention, errand["seconds"])})
        say({"modules": stubs._TreeLoader.failures})


main()
