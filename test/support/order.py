"""Reads graphs of revisions, and writes the order in which Alembic would upgrade an empty database to their heads."""

import json
import sys

from alembic.script.revision import Revision, RevisionMap


def order(graph):
    revisions = [
        Revision(revision, tuple(parents) or None, dependencies=tuple(depends) or None)
        for revision, parents, depends in graph
    ]
    upwards = RevisionMap(lambda: revisions).iterate_revisions("heads", None, implicit_base=True)
    return [revision.revision for revision in reversed(list(upwards))]


print(json.dumps([order(graph) for graph in json.load(sys.stdin)]))
