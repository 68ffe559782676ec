import { differences } from '../../dist/rehearsal/residue.js'
import { advance, extensionsIn, setStage } from '../../dist/rehearsal/stage.js'
import { extensionsCreatedBy } from '../../dist/rehearsal/stand-ins.js'
import { upgraded } from './ask.mjs'

const SIGNAL = new AbortController().signal

/**
 * The schema after a whole history, brought about by our statements and by real Alembic, each on a sandbox of its own. What
 * Alembic could not run is left out on both sides: `left` says what and why. `holes` are places where we had nothing to
 * send, or what we sent failed; `differences` says how the schemas differ.
 */
export async function schemasOf({ root, project, revisions }, real, checkout, provider, postgres) {
  const bookkeeping = project.conventions.bookkeeping
  const plan = revisions.map(({ revision, up }) => {
    return { revision, up, down: { kind: 'absent' }, role: 'replay', bookkeeping }
  })
  const wish = { postgres, extensions: extensionsIn(plan), hint: null }
  const first = await setStage(plan, provider, wish, SIGNAL, () => {})
  if (typeof first === 'string') throw new Error(first)
  let ours = first
  const theirs = await provider.open(wish, SIGNAL)
  try {
    if ('unavailable' in theirs) throw new Error(theirs.unavailable)
    const session = await theirs.session()
    await furnish(session, plan, first.helpers.roles())
    const paths = plan.map(({ revision }) => revision.path)
    const { facts, answers } = await upgraded(real, checkout, root, paths, theirs.address)
    const applied = new Set(answers.filter(({ failed }) => failed === undefined).map(({ file }) => file))
    if (applied.size < plan.length) ours = await again(first, plan, applied, provider, wish)
    const [mine, its] = [await ours.session.dump(bookkeeping), await session.dump(bookkeeping)]
    return {
      facts,
      revisions: plan.length,
      applied: applied.size,
      left: answers.flatMap(({ file, failed }) => (failed === undefined ? [] : [{ file, failed }])),
      holes: ours.skipped.map(({ sql, at, reason }) => ({ path: at.path, line: at.start.line, sql, reason })),
      objects: its.size,
      differences: differences(ours.helpers.without(mine), ours.helpers.without(its)),
    }
  } finally {
    await ours.sandbox[Symbol.asyncDispose]()
    if (ours !== first) await first.sandbox[Symbol.asyncDispose]()
    if (!('unavailable' in theirs)) await theirs[Symbol.asyncDispose]()
  }
}

/** Our replay without what Alembic could not run. */
async function again(first, plan, applied, provider, wish) {
  await first.sandbox[Symbol.asyncDispose]()
  const stage = await setStage([], provider, wish, SIGNAL, () => {})
  if (typeof stage === 'string') throw new Error(stage)
  for (const item of plan.filter(({ revision }) => applied.has(revision.path))) {
    const lost = await advance(stage, item, SIGNAL)
    if (lost === null) continue
    await stage.sandbox[Symbol.asyncDispose]()
    throw new Error(lost)
  }
  return stage
}

/** The roles and extensions that a replay of ours is helped to, for a program that nobody helps. */
async function furnish(session, plan, roles) {
  const statements = plan.flatMap(({ up }) => (up.kind === 'script' ? up.statements.map(({ sql }) => sql) : []))
  const extensions = new Set(statements.flatMap(extensionsCreatedBy))
  for (const role of roles) await session.run(`CREATE ROLE "${role.replaceAll('"', '""')}"`, SIGNAL)
  for (const name of extensions) await session.run(`CREATE EXTENSION IF NOT EXISTS ${name}`, SIGNAL)
}
