import { parser } from '@lezer/python'
import { alembic } from '../dist/frameworks/alembic/framework.js'
import { fileSet } from '../dist/model/file-set.js'

/** Files of an Alembic history: literal calls, a constant, a loop, a helper, SQL in text, a condition on the dialect. */
export function alembicHistory(count) {
  const files = new Map([['alembic/env.py', { text: '' }]])
  for (let i = 1; i <= count; i++) files.set(`alembic/versions/r${i}.py`, { text: revision(i) })
  return files
}

function revision(i) {
  const table = `table_${i}`
  return `"""Adds ${table}

Revision ID: r${i}
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "r${i}"
down_revision = ${i === 1 ? 'None' : `"r${i - 1}"`}
branch_labels = None
depends_on = None

TABLE = "${table}"


def add(name, type_, nullable=True):
    op.add_column(TABLE, sa.Column(name, type_, nullable=nullable))


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.Enum("a", "b", name="kind_${i}"), server_default="a"),
        sa.Column("data", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.UniqueConstraint("name", name="${table}_name_key"),
    )
    for column in ["x", "y"]:
        add(column, sa.Integer())
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"UPDATE {TABLE} SET x = 0 WHERE x IS NULL")
    op.create_index("ix_${table}_x", TABLE, ["x", sa.text("y DESC")])


def downgrade():
    op.drop_index("ix_${table}_x", table_name=TABLE)
    op.drop_table(TABLE)
    sa.Enum(name="kind_${i}").drop(op.get_bind())
`
}

/** How long the Python parser alone takes for the files, and how long reading them into SQL statements; the least of some runs, in ms. */
export function readingTimes(files, runs) {
  const texts = [...files.values()].map(({ text }) => text)
  const alone = () => texts.forEach((text) => parser.parse(text))
  const whole = () => {
    // Anew, so that nothing is left of the run before.
    const set = fileSet(files)
    const [project] = alembic.detect({ paths: set.paths })
    const history = alembic.history(project, set)
    for (const revision of history.revisions) {
      const { up, down } = alembic.migration(history.project, revision, set, { postgres: 18, thorough: false })
      if (up.kind !== 'script' || up.gaps.length + down.gaps.length > 0)
        throw new Error(`${revision.id} is not understood`)
    }
  }
  return { parser: least(runs, alone), reading: least(runs, whole) }
}

function least(runs, work) {
  const all = Array.from({ length: runs }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...all)
}
