import type { Migration } from '../../../src/model/migration.js'
import { readAll, tree } from '../tree.js'

/** A revision file with these bodies, read beside an `env.py`. */
export function revision(upgrade: string, downgrade = 'pass', top = '', env = ''): Migration {
  const indented = (body: string): string => body.replace(/^/gm, '    ')
  const text = [
    'import sqlalchemy as sa',
    'from alembic import op',
    'from sqlalchemy.dialects import postgresql',
    'revision = "a"',
    top,
    `def upgrade():\n${indented(upgrade)}`,
    `def downgrade():\n${indented(downgrade)}`,
    '',
  ].join('\n')
  const [migration] = readAll(tree({ 'alembic/env.py': env, 'alembic/versions/a.py': text }))[0]?.migrations ?? []
  if (migration === undefined) throw new Error('no revision')
  return migration
}
