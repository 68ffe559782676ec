import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { advance, extensionsIn, setStage } from '../../dist/rehearsal/stage.js'
import { runScript } from '../../dist/rehearsal/script-run.js'
import { extensionsCreatedBy, standIns } from '../../dist/rehearsal/stand-ins.js'
import { differing } from '../alembic/attribute.mjs'
import { counted, unequal } from '../alembic/rows.mjs'
import { writeData } from './data-files.mjs'
import { downVerdict, isSaid, lastWords } from './verdict.mjs'

const SIGNAL = new AbortController().signal

/**
 * What a history leads to by its tool, and by our replay: after the whole of it, and after each of the last `downs` migrations is
 * undone again. `bench` is `{ provider, postgres, url(database) }`; the URL is that of the one who may do everything. Says
 * `{ revisions, cut, stopped, fails, skipped, objects, tables, differences, rows, downs }`: `tables` is null where no rows could be
 * counted; `cut` is the first revision that is code
 * and so is not run, nor what comes after it; `stopped` what the tool said when it did not come to the end, and `fails` the first
 * revision at which our replay fails, before which the schemas are compared then, and whether the tool said the same reason; `downs` how each undoing went, as
 * `{ id, verdict, … }`.
 */
export async function besideTool({ repository, commit, history, tool, bench: server, downs, onProgress }) {
  const { plan, cut, leftOut, callbacks } = planOf(history)
  if (plan.length === 0) return { revisions: 0, cut }
  const bench = { ...server, callbacks }
  const { project } = history
  const folder = await mkdtemp(join(tmpdir(), 'dba-eval-tool-'))
  const roles = await rolesOf(plan, bench)
  try {
    await writeData(repository, commit, foldersOf(project), leftOut, folder)
    await tool.furnish(folder)
    const undone = tool.down === null ? [] : plan.slice(-downs).reverse()
    const theirs = await onDatabase(plan, roles, bench, async ({ sandbox, session }) => {
      const { address } = sandbox
      const place = { folder, root: project.root, project, address, url: urlOf(address) }
      const look = async () => seenIn(session, plan[0].bookkeeping, tool.schemas)
      return statesOf(tool, place, plan, undone, look, onProgress)
    })
    const ours = await onDatabase(plan, roles, bench, async (stage) => {
      const look = async () => seenIn(stage.session, plan[0].bookkeeping, [])
      const fails = await played(stage, plan, onProgress)
      const states = [{ fails, skipped: [...stage.skipped], ...(await look()) }]
      // What the tool does not get to is not looked at.
      for (const { down } of undone.slice(0, theirs.length - 1)) {
        const ending = await undo(stage, down)
        states.push({ done: ending === null, said: ending, ...(await look()) })
        if (ending !== null) break
      }
      return states
    })
    const [its] = theirs
    // A tool ends where a replay leaves out what fails and goes on.
    const mine = its.done || ours[0].fails === null ? ours[0] : await upTo(ours[0].fails.id, plan, roles, bench)
    return {
      revisions: plan.length,
      cut,
      said: lastWords(its.said),
      stopped: its.done ? null : lastWords(its.said),
      fails: ours[0].fails === null ? null : { ...ours[0].fails, isSame: isSaid(its.said, ours[0].fails.reason) },
      skipped: mine.skipped.flatMap(({ sql, at, reason }) =>
        sql === '' ? [] : [`${at.path}:${at.start.line} ${reason}`],
      ),
      objects: its.schema.size,
      tables: its.rows?.size ?? null,
      differences: differing(mine.schema, its.schema),
      rows: mine.rows === null || its.rows === null ? [] : unequal(mine.rows, its.rows),
      downs: undone
        .slice(0, theirs.length - 1)
        .map((item, index) => downVerdict(item, theirs[index + 1], ours[index + 1])),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What a tool leads to, and said: after it has applied all, and after it has undone each of some. */
async function statesOf(tool, place, plan, undone, look, onProgress) {
  onProgress(`${tool.name} applies ${plan.length} revisions`)
  const { done, said } = await tool.up(place)
  const states = [{ done, said, ...(await look()) }]
  if (!done) return states
  for (const [index, { revision }] of undone.entries()) {
    onProgress(`${tool.name} undoes ${revision.id}`)
    const before = plan.at(-2 - index)?.revision.id
    const answer = await tool.down({ ...place, before })
    states.push({ ...answer, ...(await look()) })
    if (!answer.done) break
  }
  return states
}

/** Replays a history; the first revision of which something was left out, or null. */
async function played(stage, plan, onProgress) {
  let fails = null
  for (const item of plan) {
    onProgress(`replaying ${item.revision.id}`)
    const lost = await advance(stage, item, SIGNAL)
    if (lost !== null) throw new Error(lost)
    // Where there was nothing to send, a gap was said.
    const first = stage.skipped.find(({ sql }) => sql !== '')
    if (first !== undefined) fails ??= { id: item.revision.id, reason: first.reason }
  }
  return fails
}

/** What a replay leads to that ends before a revision. */
async function upTo(id, plan, roles, bench) {
  const before = plan.slice(
    0,
    plan.findIndex(({ revision }) => revision.id === id),
  )
  return onDatabase(plan, roles, bench, async (stage) => {
    await played(stage, before, () => {})
    return { skipped: [...stage.skipped], ...(await seenIn(stage.session, plan[0].bookkeeping, [])) }
  })
}

/** The history up to the first revision that could not be read at all, and the files of what comes after. */
function planOf({ revisions, migration, project, history, files }) {
  const items = revisions.map((revision) => {
    const { up, down } = migration(revision, true)
    return { revision, up, down, role: 'replay', bookkeeping: project.conventions.bookkeeping }
  })
  const end = items.findIndex(({ up }) => up.kind === 'refused')
  const plan = end === -1 ? items : items.slice(0, end)
  const kept = new Set(plan.flatMap(({ revision }) => [revision.path, revision.downPath]))
  const later = items.slice(plan.length).flatMap(({ revision }) => [revision.path, revision.downPath])
  // Callbacks are no revisions, and no replay runs them.
  const callbacks = (history.surroundings ?? []).flatMap(({ role, path }) => (role === 'runs' ? [path] : []))
  const left = [...later, ...callbacks]
  const cut = end === -1 ? null : { id: items[end].revision.id, reason: items[end].up.reason, of: items.length }
  const texts = callbacks.map((path) => files.read(path)?.text ?? '')
  return { plan, cut, callbacks: texts, leftOut: new Set(left.filter((path) => path !== null && !kept.has(path))) }
}

function foldersOf({ root, config }) {
  const more = ['folders', 'changelogFolders'].flatMap((name) => (name in config ? JSON.parse(config[name]) : []))
  return [...new Set([root, ...more])]
}

/** The roles that no migration creates. */
async function rolesOf(plan, { provider, postgres }) {
  const wish = { postgres, extensions: extensionsIn(plan), hint: null, bodies: null }
  const stage = await setStage(plan, provider, wish, SIGNAL, () => {})
  if (typeof stage === 'string') throw new Error(stage)
  const roles = stage.helpers.roles()
  await stage.sandbox[Symbol.asyncDispose]()
  return roles
}

/** Acts on a database of its own, with the roles and extensions that a replay is helped to, for a program that nobody helps. */
async function onDatabase(plan, roles, { provider, postgres, url, callbacks }, act) {
  const sandbox = await provider.open({ postgres }, SIGNAL)
  if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
  try {
    const session = await sandbox.session()
    for (const role of roles) await session.run(`CREATE ROLE "${role.replaceAll('"', '""')}"`, SIGNAL)
    const statements = plan.flatMap(({ up }) => (up.kind === 'script' ? up.statements.map(({ sql }) => sql) : []))
    const wanted = [...new Set([...statements, ...callbacks].flatMap(extensionsCreatedBy))]
    await extend(session, url, sandbox.address, wanted)
    const skipped = []
    return await act({ sandbox, session, skipped, helpers: standIns(session, skipped, roles), bodies: null })
  } finally {
    await sandbox[Symbol.asyncDispose]()
  }
}

/** Creates extensions, as far as the server has them: by the sandbox, whose role may own some of them, or by the one who may. */
async function extend(session, url, { database }, names) {
  const refused = []
  for (const name of names) {
    const { kind } = await session.run(`CREATE EXTENSION IF NOT EXISTS ${name}`, SIGNAL)
    if (kind !== 'done') refused.push(name)
  }
  if (refused.length === 0) return
  const client = new pg.Client({ connectionString: url(database) })
  await client.connect()
  try {
    for (const name of refused) await client.query(`CREATE EXTENSION IF NOT EXISTS ${name}`).catch(() => {})
  } finally {
    await client.end()
  }
}

/** Undoes a migration as we read it; what it failed with, or null. Where it has no down there is nothing to run. */
async function undo({ session, helpers }, down) {
  if (down.kind === 'refused') return down.reason
  if (down.kind !== 'script') return null
  const { ending } = await runScript(session, down, 'down', helpers, SIGNAL, 'replay')
  return ending.kind === 'done' ? null : ending.reason
}

async function seenIn(session, bookkeeping, schemas) {
  const isOfBooks = (key) => schemas.some((name) => new RegExp(`\\bschema ${name}$|\\b${name}\\.`).test(key))
  const withoutBooks = (map) => new Map([...map].filter(([key]) => !isOfBooks(key)))
  // A server that was built without XML counts no rows.
  const rows = await counted(session).catch(() => null)
  return { schema: withoutBooks(await session.dump(bookkeeping)), rows: rows === null ? null : withoutBooks(rows) }
}

function urlOf({ host, port, user, password, database }) {
  return `postgres://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}?sslmode=disable`
}
