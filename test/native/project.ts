import { scratch, type Scratch } from '../support/scratch.js'

/** A revision as people write it, without what every one begins with. */
export interface Written {
  readonly id: string
  /** The revision before it, or those that it merges; none for a first one. */
  readonly after?: string | readonly string[]
  readonly up?: string
  readonly down?: string
}

/** A repository with Alembic in `backend`, whose branch adds revisions to those of main. */
export function project(
  base: readonly Written[],
  pull: readonly Written[],
  { env = ENV, ini = INI, files = {} }: { env?: string; ini?: string; files?: Readonly<Record<string, string>> } = {},
): Scratch {
  const repository = scratch()
  repository.write('backend/alembic.ini', ini)
  repository.write('backend/migrations/env.py', env)
  for (const [path, text] of Object.entries(files)) repository.write(path, text)
  const add = (revisions: readonly Written[]): void => {
    for (const each of revisions) repository.write(`backend/migrations/versions/${each.id}_change.py`, fileOf(each))
    repository.git('add', '-A')
    repository.git('commit', '-q', '--allow-empty', '-m', 'revisions')
  }
  add(base)
  repository.git('checkout', '-q', '-b', 'feature')
  add(pull)
  return repository
}

function fileOf({ id, after = [], up = '', down = '' }: Written): string {
  const parents = typeof after === 'string' ? [after] : after
  const before =
    parents.length === 0
      ? 'None'
      : parents.length === 1
        ? `"${parents[0]}"`
        : `(${parents.map((each) => `"${each}"`).join(', ')})`
  return `"""a change"""
from alembic import op
import sqlalchemy as sa

revision = "${id}"
down_revision = ${before}


def upgrade():
${indented(up)}


def downgrade():
${indented(down)}
`
}

function indented(code: string): string {
  const lines = code.split('\n').filter((line) => line.trim() !== '')
  return lines.length === 0 ? '    pass' : lines.map((line) => `    ${line}`).join('\n')
}

/** A production database that nothing may reach. */
export const INI = `[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql://app:secret@db.example.com/production
`

/** As `alembic init` writes it, without the comments. */
export const ENV = `from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
target_metadata = None


def run_migrations_online():
    connectable = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
`
