import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { advance, extensionsIn, setStage } from '../../dist/rehearsal/stage.js'
import { extensionsCreatedBy, standIns } from '../../dist/rehearsal/stand-ins.js'
import { upgraded } from './ask.mjs'
import { attributed, differing, judged } from './attribute.mjs'
import { rowsIn } from './rows.mjs'

const SIGNAL = new AbortController().signal

/**
 * The schema after a whole history, brought about by our statements and by real Alembic, each on a sandbox of its own. What
 * Alembic could not run is left out on both sides: `left` says what and why. Beside it every revision is run alone, on a copy
 * of what Alembic left before it: `alone` has those that lead to something else there, or could not be sent as a whole, as
 * `judged` sees them. `differences` says how the schemas differ in the end, and why as far as that explains it.
 */
export async function schemasOf({ root, project, revisions }, real, checkout, provider, postgres) {
  const bookkeeping = project.conventions.bookkeeping
  const plan = revisions.map(({ revision, up }) => {
    return { revision, up, down: { kind: 'absent' }, role: 'replay', bookkeeping }
  })
  const wish = { postgres, extensions: extensionsIn(plan), hint: null, bodies: null }
  const roles = await rolesOf(plan, provider, wish)
  const bench = benchOf(provider, wish, plan, roles)
  try {
    const theirs = await bench.furnished()
    const whole = await bench.furnished()
    const comparison = await comparisonOf({ plan, bookkeeping, bench, theirs, whole })
    const paths = plan.map(({ revision }) => revision.path)
    const seen = (answer) => comparison.next(answer)
    const { facts, answers } = await upgraded(real, checkout, root, paths, theirs.sandbox.address, seen)
    const applied = new Set(answers.flatMap(({ file, failed }) => (failed === undefined ? [file] : [])))
    const reordered = answers.some(({ file }, index) => file !== paths[index])
    const final = reordered ? await bench.furnished() : whole
    if (reordered) for (const item of plan) if (applied.has(item.revision.path)) await played(final, item)
    return {
      facts,
      reordered,
      revisions: plan.length,
      applied: applied.size,
      left: answers.flatMap(({ file, failed }) => (failed === undefined ? [] : [{ file, failed }])),
      holes: final.skipped.map(holeOf),
      ...(await comparison.result(final)),
    }
  } finally {
    await bench.dispose()
  }
}

/** The roles that no migration creates. */
async function rolesOf(plan, provider, wish) {
  const stage = await setStage(plan, provider, wish, SIGNAL, () => {})
  if (typeof stage === 'string') throw new Error(stage)
  const roles = stage.helpers.roles()
  await stage.sandbox[Symbol.asyncDispose]()
  return roles
}

/** Opens stages and closes them. */
function benchOf(provider, { postgres, extensions }, plan, roles) {
  const open = new Set()
  const stageOn = async (baseline) => {
    const sandbox = await provider.open({ postgres, extensions, ...(baseline && { baseline }) }, SIGNAL)
    if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
    open.add(sandbox)
    const session = await sandbox.session()
    const skipped = []
    return { sandbox, session, skipped, helpers: standIns(session, skipped, roles), bodies: null }
  }
  const close = async ({ sandbox }) => {
    open.delete(sandbox)
    await sandbox[Symbol.asyncDispose]()
  }
  return {
    close,
    /** A stage with the roles and extensions that a replay is helped to, for a program that nobody helps. */
    async furnished() {
      const stage = await stageOn(null)
      const statements = plan.flatMap(({ up }) => (up.kind === 'script' ? up.statements.map(({ sql }) => sql) : []))
      const wanted = new Set(statements.flatMap(extensionsCreatedBy))
      for (const role of roles) await stage.session.run(`CREATE ROLE "${role.replaceAll('"', '""')}"`, SIGNAL)
      for (const name of wanted) await stage.session.run(`CREATE EXTENSION IF NOT EXISTS ${name}`, SIGNAL)
      return stage
    },
    /** Another stage in the state of one, to the last row. */
    async copyOf({ sandbox }) {
      const key = randomUUID()
      await sandbox.keep({ key, note: '' }, null)
      // It is put away while the server goes on.
      for (let tries = 0; tries < 200; tries++) {
        const stage = await stageOn({ key, hint: null })
        if (stage.sandbox.baseline?.key === key) return stage
        await close(stage)
        await setTimeout(50)
      }
      throw new Error('the state after a revision could not be copied')
    },
    dispose: async () => {
      for (const sandbox of open) await sandbox[Symbol.asyncDispose]()
    },
  }
}

/** Follows Alembic through the history, `next` after each revision that it ran or failed at. */
async function comparisonOf({ plan, bookkeeping, bench, theirs, whole }) {
  const items = new Map(plan.map((item) => [item.revision.path, item]))
  const schemaOf = async ({ session, helpers }) => helpers.without(await session.dump(bookkeeping))
  let alone = await bench.copyOf(theirs)
  let before = await schemaOf(theirs)
  const steps = []
  /** Where each present difference of the whole came up, by object. */
  const since = new Map()

  async function follow(file, its) {
    const item = items.get(file)
    const known = alone.skipped.length
    await played(alone, item)
    const mine = await schemaOf(alone)
    const rows = await rowsIn(alone.session, theirs.session)
    const step = judged({ file, before, mine, its, rows, holes: alone.skipped.slice(known).map(holeOf) })
    if (step !== null) steps.push(step)
    const lost = whole.skipped.length
    await played(whole, item)
    const differences = differing(await schemaOf(whole), its)
    const failed = whole.skipped.slice(lost).flatMap((hole) => (hole.sql === '' ? [] : [holeOf(hole)]))
    const keys = new Set(differences.map(({ key }) => key))
    for (const key of since.keys()) if (!keys.has(key)) since.delete(key)
    for (const key of keys) if (!since.has(key)) since.set(key, { file, failed, after: steps.length })
    return step === null
  }

  return {
    async next({ file, failed }) {
      const its = await schemaOf(theirs)
      // What fails may have committed something all the same.
      const isSame = failed === undefined ? await follow(file, its) : differing(before, its).length === 0
      if (!isSame) {
        await bench.close(alone)
        alone = await bench.copyOf(theirs)
      }
      before = its
    },
    /** How the schema of a stage differs in the end. */
    async result(final) {
      const differences = differing(await schemaOf(final), before)
      return { objects: before.size, alone: steps, differences: attributed({ differences, steps, since }) }
    },
  }
}

async function played(stage, item) {
  const lost = await advance(stage, item, SIGNAL)
  if (lost !== null) throw new Error(lost)
}

/** `sql` is what failed; '' where there was nothing to send. */
function holeOf({ sql, at, reason }) {
  return { path: at.path, line: at.start.line, sql, reason }
}
