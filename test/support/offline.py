"""Reads groups of calls as JSON and prints, for each call, the statements that Alembic prints in offline mode for PostgreSQL."""

import io
import json
import sys
import warnings

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

warnings.simplefilter("ignore")

IMPORTS = """
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
"""


def sent(preface, calls):
    statements = []
    names = {}
    exec(IMPORTS + preface, names)
    opts = {"as_sql": True, "literal_binds": True, "output_buffer": io.StringIO()}
    if "naming" in names:
        opts["target_metadata"] = sa.MetaData(naming_convention=names["naming"])
    context = MigrationContext.configure(
        dialect_name="postgresql", dialect_opts={"paramstyle": "named"}, opts=opts
    )
    context.impl.static_output = statements.append
    try:
        with Operations.context(context):
            exec(calls, names)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"sql": statements}


groups = json.load(sys.stdin)
json.dump([[sent(group["preface"], calls) for calls in group["calls"]] for group in groups], sys.stdout)
