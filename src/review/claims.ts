import { createHash } from 'node:crypto'
import { keepsBooks, operationsOf, type Project, type Script } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Claims, ProjectClaims } from '../model/open-clash.js'
import type { Operation } from '../model/operation.js'
import type { Review, ReviewedMigration } from '../model/review.js'
import { isTableChange } from './consent-kinds.js'

/** What a reviewed pull request lays claim to; null for a branch that is none. */
export function claimsOf({
  pull,
  projects,
  migrations,
}: Pick<Review, 'pull' | 'projects' | 'migrations'>): Claims | null {
  if (pull.number === null) return null
  const inner = [...projects].sort((a, b) => b.root.length - a.root.length)
  const holds = ({ framework, root }: Project, migration: ReviewedMigration): boolean =>
    framework === migration.framework && (root === '' || migration.revision.path.startsWith(`${root}/`))
  return {
    pull: pull.number,
    projects: projects
      .map((project) =>
        projectClaims(
          project,
          migrations.filter((each) => inner.find((one) => holds(one, each)) === project),
        ),
      )
      .filter(({ added, tables }) => added.length + tables.length > 0),
  }
}

function projectClaims(project: Project, migrations: readonly ReviewedMigration[]): ProjectClaims {
  const there = migrations.filter(({ change }) => change !== 'removed')
  const tables = there
    .flatMap(({ up }) => operationsOf(up.script).flatMap(opened))
    .flatMap((operation) =>
      isTableChange(operation) && 'table' in operation && operation.table !== null ? [operation.table] : [],
    )
    .filter((table) => !keepsBooks(project.conventions, table))
  return {
    framework: project.framework,
    root: project.root,
    tool: project.conventions.tool,
    byParents: project.conventions.lateVersion === 'graph',
    added: there
      .filter(({ change, revision }) => change === 'added' && !revision.repeatable)
      .map(({ revision: { id, parents, path }, up, down }) => ({
        id,
        parents,
        path,
        digest: digestOf(up.script, down.script),
      })),
    tables: [...new Set(tables.map(keyOf))],
  }
}

/** A block does what its statements do. */
function opened(operation: Operation): readonly Operation[] {
  return operation.kind === 'do' ? operation.inner : [operation]
}

function digestOf(...scripts: readonly Script[]): string {
  const said = scripts.map((script) => [
    script.kind,
    script.kind === 'script' ? script.statements.map(({ sql }) => sql) : [],
  ])
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16)
}
