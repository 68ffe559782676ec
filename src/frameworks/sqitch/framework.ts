import type { Conventions, Project, Script } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf } from '../../source/span.js'
import { readScript, type Reading } from '../../sql/script.js'
import { foldersOf, isBelow, join, nameOf, parentOf } from '../folders.js'
import type { FileIndex, MigrationFramework } from '../framework.js'
import { layoutOf, plainLayout, type Layout } from './configuration.js'
import { layoutIn, sqitchHistory, verifyOf } from './history.js'

const CONVENTIONS: Conventions = {
  tool: 'Sqitch',
  // It keeps hashes of deploy scripts, and looks at them when it is asked to (`sqitch check`).
  hashesFiles: false,
  lateVersion: 'refused',
  reactions: {
    edited: 'Sqitch does not run it again, so databases that ran the old text never get the change',
    deleted: 'Sqitch finds another change in its place in the plan, and stops on every database that ran it',
    late: 'Sqitch does not find in the plan what was deployed last, and stops on every database that is past it',
    duplicate: 'Sqitch stops before it runs anything',
  },
  numbering: 'opaque',
  downs: 'expected',
  // They lie in a schema of their own.
  bookkeeping: [],
  withoutTransaction: 'leave out BEGIN and COMMIT',
  rollback: 'sqitch revert --to @HEAD^',
  filePattern: 'deploy/name.sql, and a line in sqitch.plan',
}

/** Sqitch: scripts that psql runs, in the order of a plan; each with a script that reverts it and one that verifies it. */
export const sqitch: MigrationFramework = {
  id: 'sqitch',
  title: 'Sqitch',
  clues: ({ paths }) => paths.filter((path) => nameOf(path) === 'sqitch.conf'),
  detect: (index) => layoutsIn(index).filter(isForPostgres).map(projectOf),
  at(root, index) {
    const layout = layoutsIn(index).find(({ deploy, plan }) => parentOf(deploy) === root || parentOf(plan) === root)
    return layout === undefined ? null : projectOf(layout)
  },
  sources(project, { paths }) {
    const layout = layoutIn(project)
    const folders = [layout.deploy, layout.revert, layout.verify]
    return paths.filter((path) => path === layout.plan || folders.some((folder) => isBelow(folder, path)))
  },
  history: sqitchHistory,
  migration(project, revision, files, reading) {
    const layout = layoutIn(project)
    const up = scriptAt(revision.path, files, reading)
    const verify = verifyOf(revision, layout, files.paths)
    const verified = verify === null ? up : followed(up, scriptAt(verify, files, reading))
    return {
      revision,
      up: verified,
      down: revision.downPath === null ? { kind: 'absent' } : scriptAt(revision.downPath, files, reading),
    }
  },
}

/** Every plan of a tree: those that a configuration leads to, and those that none speaks of. */
function layoutsIn(index: FileIndex): readonly Layout[] {
  const { names } = foldersOf(index)
  const paths = new Set(index.paths)
  const layouts = new Map<string, Layout>()
  for (const [folder, files] of names) {
    const conf = files.has('sqitch.conf') ? join(folder, 'sqitch.conf') : null
    const text = conf === null ? undefined : index.read?.(conf)?.text
    const layout = conf === null || text === undefined ? null : layoutOf(conf, text)
    if (layout !== null && paths.has(layout.plan)) layouts.set(layout.plan, layout)
  }
  for (const [folder, files] of names) {
    const plan = join(folder, 'sqitch.plan')
    if (files.has('sqitch.plan') && !layouts.has(plan)) layouts.set(plan, plainLayout(folder))
  }
  return [...layouts.values()]
}

function isForPostgres({ engine }: Layout): boolean {
  return engine === null || engine === 'pg' || engine === 'cockroach'
}

function projectOf(layout: Layout): Project {
  const { plan, deploy, revert, verify, extension } = layout
  return {
    framework: 'sqitch',
    root: parentOf(deploy),
    conventions: CONVENTIONS,
    config: { plan, deploy, revert, verify, extension },
  }
}

/** A script as psql runs it: statement by statement, in no transaction but its own. */
function scriptAt(path: string, files: FileSet, reading: Reading): Script {
  const source = files.read(path)
  if (source !== undefined) return readScript(source, reading, { transaction: 'none' })
  const missing = files.paths.includes(path) ? 'the file was not loaded' : 'Sqitch stops, since this file is not there'
  const { reason, line } = files.refusal(path) ?? { reason: missing, line: 1 }
  const start = { line, column: 1 }
  return { kind: 'refused', cause: 'refused', reason, at: { ...startOf(path), start, end: start } }
}

/** What is deployed is verified right after: both run as one, and what the second cannot do is a failure of the first. */
function followed(deploy: Script, verify: Script): Script {
  if (deploy.kind !== 'script') return deploy
  if (verify.kind !== 'script') return verify.kind === 'refused' ? verify : deploy
  const first = deploy.statements.length
  const statements = [
    ...deploy.statements,
    // Bytes are places in the file of the migration, which this is not.
    ...verify.statements.map((statement) => ({ ...statement, index: first + statement.index, bytes: null })),
  ]
  return { ...deploy, statements, gaps: [...deploy.gaps, ...verify.gaps] }
}
