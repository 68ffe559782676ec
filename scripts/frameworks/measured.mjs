import { unread } from '../../dist/frameworks/index.js'
import { pathsOf } from '../../dist/model/migration.js'
import { rehearse } from '../../dist/rehearsal/rehearse.js'
import { historiesIn } from '../histories.mjs'

/** Frameworks that others measure: `npm run eval:alembic`. */
const ELSEWHERE = new Set(['alembic'])

/**
 * What is read of a tree: `{ projects, others }`. A project has `files` (the SQL files below its root, and those of its revisions),
 * `silent` (those of them that are in no revision, stray or note), `revisions`, `up` and `down` by what became of them, and
 * `gaps` by reason; `plan` is its whole history, to be replayed. `others` says what of the tree is not read.
 */
export async function measured(tree, postgres) {
  const histories = await historiesIn(tree, postgres)
  const projects = histories.filter(({ project }) => !ELSEWHERE.has(project.framework)).map(measuredOne)
  return {
    projects,
    others: unread(
      tree,
      histories.map(({ project }) => project),
      [],
    ).map(({ message }) => message),
  }
}

function measuredOne({ project, files, history, revisions, migration }) {
  const { root, framework, conventions } = project
  const owned = new Set(revisions.flatMap(pathsOf))
  const below = files.paths.filter((path) => /\.sql$/i.test(path) && (root === '' || path.startsWith(`${root}/`)))
  const told = new Set([
    ...owned,
    ...history.strays.map(({ path }) => path),
    ...history.notes.map(({ at }) => at?.path),
    ...(history.surroundings ?? []).map(({ path }) => path),
  ])
  const read = revisions.map((revision) => ({ revision, ...migration(revision, true) }))
  return {
    framework,
    root,
    tool: conventions.tool,
    files: new Set([...below, ...owned]).size,
    silent: below.filter((path) => !told.has(path)),
    strays: history.strays.length,
    notes: history.notes.map(({ message }) => message),
    revisions: revisions.length,
    up: tally(read.map(({ up }) => kindOf(up))),
    down: tally(read.map(({ down }) => kindOf(down))),
    understood: read.filter(({ up, down }) => [up, down].every(isUnderstood)).length,
    gaps: tally(read.flatMap(({ up, down }) => [...reasonsOf(up), ...reasonsOf(down)])),
    plan: read.map(({ revision, up, down }, index) => ({
      revision,
      up,
      down,
      role: index === revisions.length - 1 ? 'rehearse' : 'replay',
      bookkeeping: conventions.bookkeeping,
    })),
  }
}

/** Replays a project's history on a sandbox, its last migration up and down too: what was left out on the way, and how it ended. */
export async function replayedOn(provider, { plan }, postgres, onProgress) {
  if (plan.length === 0) return null
  const settings = { postgres, seconds: 600, signal: new AbortController().signal, onProgress, rows: 0 }
  const begun = performance.now()
  const [rehearsal] = await rehearse(plan, provider, settings)
  const seconds = (performance.now() - begun) / 1000
  if (rehearsal === undefined) return { verdict: 'no rehearsal', reason: null, skipped: [], seconds }
  const { verdict, reason, skipped } = rehearsal
  return {
    verdict,
    reason: reason ?? null,
    skipped: skipped.map(({ at, reason: why }) => `${at.path}:${at.start.line} ${why}`),
    seconds,
  }
}

function isUnderstood(script) {
  if (script.kind === 'refused') return false
  return script.kind !== 'script' || script.gaps.every(({ bearing }) => bearing === 'informs')
}

function kindOf(script) {
  return script.kind === 'script' && !isUnderstood(script) ? 'script with gaps' : script.kind
}

/** Without names and numbers, so that reasons can be counted. */
function reasonsOf(script) {
  const plain = (text) => text.replace(/"[^"]*"|'[^']*'|“[^”]*”|\$\{[^}]*\}/g, '…').replace(/\d+/g, 'n')
  if (script.kind === 'refused') return [`refused: ${plain(script.reason)}`]
  if (script.kind !== 'script') return []
  return script.gaps.filter(({ bearing }) => bearing !== 'informs').map(({ message }) => plain(message))
}

function tally(list) {
  const counts = {}
  for (const one of list) counts[one] = (counts[one] ?? 0) + 1
  return Object.fromEntries(Object.entries(counts).sort((a, b) => b[1] - a[1]))
}
