import type { Span } from '../../source/span.js'
import type { Call, Given } from './env-calls.js'
import type { Fact } from './environment.js'

/** Who begins and ends the transaction in which revisions run, as `env.py` says. */
export interface EnvTransaction {
  /** `run`: all pending revisions in one transaction, as Alembic does by itself; `none`: each statement on its own. */
  readonly transaction: Fact<'run' | 'migration' | 'none'>
  /** Whether `env.py` begins and commits it: what it sends before `context.configure` begins one, and then Alembic begins none. */
  readonly outer: Fact<boolean>
}

/** What `env.py` says of it: `calls` are all of its calls, `online` those of `context.configure` with a database. */
export function envTransaction(
  calls: readonly Call[],
  online: readonly Call[],
  { perMigration, transactional }: { readonly perMigration: Fact<boolean>; readonly transactional: Fact<boolean> },
  { spanOf, textOf }: { spanOf(at: Pick<Given, 'at'>): Span; textOf(given: Given): string },
): EnvTransaction {
  const autocommit = autocommitIn(calls, spanOf)
  const begun = online.map((configure) => begunBefore(configure, calls, textOf))
  const [first] = begun
  const begins = first !== undefined && begun.every((call) => call !== null)
  const outer: Fact<boolean> =
    'unknown' in autocommit ? autocommit : { value: begins && !autocommit.value, at: first ? spanOf(first) : null }
  return { transaction: transactionOf(perMigration, transactional, autocommit, outer), outer }
}

/**
 * What is sent on the connection before it is given to `context.configure`, and ended nowhere in between: it begins a transaction
 * (https://docs.sqlalchemy.org/en/20/core/connections.html#commit-as-you-go), which Alembic then takes for the caller's own. null
 * where there is no such call, or where the file never commits: a connection with a `commit` is one that begins by itself.
 */
function begunBefore(configure: Call, calls: readonly Call[], textOf: (given: Given) => string): Call | null {
  const given = configure.keywords.get('connection')
  if (given === undefined || calls.some(({ name }) => name === 'begin')) return null
  const connection = textOf(given)
  const beside = calls.filter(({ around }) => around === configure.around)
  const before = beside.filter(({ at }) => at.from < configure.at.from)
  const isOn = ({ written }: Call, names: string): boolean =>
    new RegExp(`^(${names})$`).test(written.startsWith(`${connection}.`) ? written.slice(connection.length + 1) : '')
  const sends = before.findLast((call) => !call.conditional && isOn(call, 'execute|exec_driver_sql|scalar|scalars'))
  const ends = before.findLast((call) => isOn(call, 'commit|rollback|close'))
  if (sends === undefined || (ends !== undefined && ends.at.from > sends.at.from)) return null
  const runs = beside.find(({ name }) => name === 'run_migrations')?.at.from ?? configure.at.from
  const commits = calls.some(
    ({ name, around, at }) => name === 'commit' && (around !== configure.around || at.from > runs),
  )
  return commits ? sends : null
}

/** Where the one engine of `env.py` is told to commit each statement; with more than one, whose it is cannot be told. */
function autocommitIn(calls: readonly Call[], spanOf: (call: Call) => Span): Fact<boolean> {
  const call = calls.find(({ keywords }) => {
    const level = keywords.get('isolation_level')?.value
    return level?.kind === 'string' && level.text.toUpperCase() === 'AUTOCOMMIT'
  })
  if (call === undefined) return { value: false, at: null }
  const engines = calls.filter(({ name }) =>
    /^(async_)?(create_engine|engine_from_config)$|^create_async_engine$/.test(name),
  )
  return engines.length > 1
    ? { unknown: 'one of several engines commits each statement', at: spanOf(call) }
    : { value: true, at: spanOf(call) }
}

function transactionOf(
  perMigration: Fact<boolean>,
  transactional: Fact<boolean>,
  autocommit: Fact<boolean>,
  outer: Fact<boolean>,
): EnvTransaction['transaction'] {
  if ('unknown' in autocommit) return autocommit
  if (autocommit.value) return { value: 'none', at: autocommit.at }
  if ('value' in outer && outer.value) return { value: 'run', at: outer.at }
  if ('unknown' in transactional) return transactional
  // Then it is the connection's, which env.py may begin and end as it likes.
  if (!transactional.value)
    return { unknown: 'transactional_ddl leaves the transaction to env.py', at: transactional.at }
  if ('unknown' in perMigration) return perMigration
  return { value: perMigration.value ? 'migration' : 'run', at: perMigration.at }
}
