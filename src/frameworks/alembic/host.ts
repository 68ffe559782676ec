import { createHash } from 'node:crypto'
import type { Catalog } from '../../model/catalog.js'
import type { Remark, RemarkKind } from '../../model/migration.js'
import { OPERATIONS } from './operations/index.js'
import { enumOfClass } from './enum-class.js'
import { batchOf, IN_BATCH, type Batch } from './operations/batch.js'
import { executeOnConnection } from './operations/execute.js'
import { methodSql } from './operations/methods.js'
import { inspected } from './inspector.js'
import { attributeOfLibrary, isApplication, isOutside, libraryCall, ofLibrary, type StandIn } from './libraries.js'
import type { Host, Machine } from './python/machine.js'
import type { Repository } from './repository.js'
import type { Stretch } from './python/syntax.js'
import { boolean, NONE, string, unknown, type Arguments, type Cause, type Value, type ValueOf } from './python/value.js'
import { sqlalchemyName, type Translation } from './translation.js'
import { causeOf, rootOf } from './origin.js'
import { seenIn } from './skipped.js'

/** SQL that one call sends, and the innermost place in the file that led to it. */
export interface Sent {
  readonly sql: string
  readonly at: Stretch
  /** Whether it is sent in an `autocommit_block`, outside the transaction. */
  readonly autocommit: boolean
  /** Of a COMMIT: that it is the connection's own, and ends the transaction wherever one is open. */
  readonly ends?: true
}

/** A place whose effect is not known. */
export interface Gap {
  readonly cause: Cause
  readonly reason: string
  readonly at: Stretch
}

/** What following a file has led to so far. */
export interface Outcome {
  readonly sent: Sent[]
  readonly gaps: Gap[]
  /** What was taken for granted: conditions that are read as not met, values that stand for others. */
  readonly guards: { readonly reason: string; readonly at: Stretch }[]
  /** How many values stand for ones that are made at run time. */
  made: number
  /** What the code does beside sending SQL. */
  readonly remarks: (Omit<Remark, 'at'> & { readonly at: Stretch })[]
}

/** What a file is read among. */
export interface Surroundings {
  readonly repository: Repository
  readonly machine: () => Machine
  /** The schema after what was sent so far; null when nobody knows it. */
  readonly schemaNow: (sent: readonly Sent[]) => Catalog | null
  /** How the metadata names constraints and indexes, by kind; see `Translation`. */
  readonly naming?: Translation['naming']
  /** Which direction of which revision it is: what stands in for values that it makes is its own. */
  readonly origin: string
  /** Which run of it is followed, from 0: what stands in is each run's own as well. */
  readonly run?: number
  /** Whether `env.py` begins and commits the transaction, so that Alembic does neither; see `EnvTransaction`. */
  readonly outer?: boolean
}

/** A host that keeps what following has led to, and is told when the file is loaded. */
export interface AlembicHost extends Host {
  readonly outcome: Outcome
  loaded(): void
}

/** Alembic's part of the world: operations send SQL, and the database at hand is PostgreSQL. */
export function alembicHost({
  repository,
  machine,
  schemaNow,
  naming = null,
  origin,
  run = 0,
  outer = false,
}: Surroundings): AlembicHost {
  const outcome: Outcome = { sent: [], gaps: [], guards: [], remarks: [], made: 0 }
  const createdTypes = new Set<string>()
  const batches = new Map<string, { readonly of: Batch; readonly queue: Sent[] }>()
  let when: Remark['when'] = 'loading'
  let autocommit = false
  let savepoints = 0

  const gap = (cause: Cause, reason: string, at: Stretch): void => {
    // What is not known is said where it first matters, not again by what depends on it there.
    const isKnown = outcome.gaps.some(
      (known) => known.at.from <= at.to && at.from <= known.at.to && known.reason.endsWith(reason),
    )
    if (!isKnown) outcome.gaps.push({ cause, reason, at: { from: at.from, to: at.to } })
  }
  /** Sixteen digits for the direction of the file, eight for the place among what it makes. */
  const standIn = (): StandIn => {
    outcome.made += 1
    const own = createHash('sha256')
      .update(run === 0 ? origin : `${origin} ${run}`)
      .digest('hex')
      .slice(0, 16)
    return { number: own + outcome.made.toString(16).padStart(8, '0'), run }
  }
  const remark = (kind: RemarkKind, what: string, { from, to }: Stretch): void => {
    const by = machine().here === machine().home ? 'itself' : 'application'
    const isKnown = outcome.remarks.some((known) => known.kind === kind && known.at.from === from)
    if (!isKnown) outcome.remarks.push({ kind, what, at: { from, to }, when, by })
  }
  const guard = (reason: string, at: Stretch): void => {
    const isKnown = outcome.guards.some((known) => known.at.from === at.from && known.reason === reason)
    if (!isKnown) outcome.guards.push({ reason, at: { from: at.from, to: at.to } })
  }
  const sendAll = (statements: readonly string[], at: Stretch, queue: Sent[] = outcome.sent): void => {
    const [first] = statements
    if (when === 'loading' && first !== undefined) remark('sends-sql', first, at)
    for (const sql of statements) queue.push({ sql, at: { from: at.from, to: at.to }, autocommit })
  }
  /** Sends what a call is in SQL; where part of it is not understood, none of it. */
  const send = (
    given: Arguments,
    at: Stretch,
    translate: (translation: Translation) => readonly string[],
    queue?: Sent[],
  ): void => {
    const problems: string[] = []
    const problem = (reason: string): string => {
      problems.push(reason)
      return ''
    }
    const fails = (reason: string): string => {
      remark('always-fails', reason, at)
      return problem(reason)
    }
    const statements = translate({ problem, fails, createdTypes, naming })
    const [first] = problems
    if (first === undefined) sendAll(statements, at, queue)
    else gap(causeOf(given, first), first, at)
  }

  function call(value: ValueOf<'call'> | ValueOf<'method'>, at: Stretch): Value | null {
    if (value.kind === 'method') return method(value, at)
    const [, owner = '', name = ''] = /^alembic\.(\w+)\.(\w+)$/.exec(value.path) ?? []
    if (owner === 'op' || batches.has(owner)) return operation(value, owner, name, at)
    if (owner === 'connection' || owner === 'session') return onConnection(value, owner, name, at)
    if (owner === 'dialect') return name === 'type_descriptor' ? (value.positional[0] ?? null) : null
    if (owner === 'inspector') return inspect(name, value)
    if (/^alembic\.(connection|run)\..*\bhas_table$/.test(value.path))
      return inspect('has_table', { ...value, positional: value.positional.slice(1) })
    if (owner === 'context') return CONTEXT.get(name) ?? null
    return enumOfClass(value, machine()) ?? libraryCall(value, at, { gap, guard, standIn, remark })
  }

  function operation(value: ValueOf<'call'>, owner: string, name: string, at: Stretch): Value | null {
    if (name === 'get_bind') return { kind: 'name', path: 'alembic.connection' }
    if (name === 'get_context') return { kind: 'name', path: 'alembic.run' }
    if (name === 'f' || name === 'inline_literal' || name === 'batch_alter_table') return null
    if (name === 'execute') composes(value.positional[0], at)
    const operation = OPERATIONS.get(name)
    if (operation === undefined) {
      gap('unsupported call', `op.${name} is not understood`, at)
      return unknown('unsupported call', `what op.${name} gives is not known`)
    }
    const batch = batches.get(owner)
    if (batch !== undefined && !IN_BATCH.has(name)) {
      gap('unsupported call', `a batch has no ${name}`, at)
      return NONE
    }
    const queue = name === 'execute' ? undefined : batch?.queue
    send(value, at, (translation) => operation({ ...value, batch: batch?.of ?? null }, translation), queue)
    // What create_table returns is the table, to be filled by bulk_insert.
    return name === 'create_table' ? { ...value, path: 'sqlalchemy.table' } : NONE
  }

  /** SQL that depends on what is not known can be anything. */
  function composes(sql: Value | undefined, at: Stretch): void {
    const [inner] = sql !== undefined && sqlalchemyName(sql) === 'text' && sql.kind === 'call' ? sql.positional : [sql]
    if (inner?.kind !== 'unknown' || inner.composed === undefined) return
    const cause = causeOf({ positional: [inner.composed], keywords: new Map() }, '')
    const isSet = cause === 'reads the environment' || cause === 'imports application code'
    remark(isSet ? 'composes-sql-from-settings' : 'composes-sql', inner.reason, at)
  }

  /** `op.get_bind().execute(sa.text(…))` sends what `op.execute` would. */
  function onConnection(value: ValueOf<'call'>, owner: string, name: string, at: Stretch): Value {
    const { positional, keywords } = value
    const watched = owner === 'session' && positional[0] !== undefined && selectsObjects(positional[0])
    const result: Value = {
      ...unknown('needs the database', 'what a query gives is not known'),
      ...(watched ? { watched } : {}),
    }
    switch (name) {
      case 'execute':
      case 'scalar':
      case 'scalars': {
        const [text] = positional
        if (text?.kind === 'string') {
          gap(
            'unsupported call',
            'a plain text is refused by SQLAlchemy 2, and sent otherwise than sa.text by earlier versions',
            at,
          )
          return result
        }
        composes(text, at)
        send(value, at, (translation) => executeOnConnection(value, translation))
        return result
      }
      case 'exec_driver_sql': {
        const [text, ...more] = positional
        if (text?.kind === 'string' && more.length === 0) sendAll([text.text], at)
        else gap(causeOf(value, ''), 'the SQL that is sent is not known', at)
        return result
      }
      case 'execution_options':
      case 'connection':
      case 'get_bind':
        return keywords.has('isolation_level')
          ? unknown('unsupported call', 'another isolation level is not followed')
          : { kind: 'name', path: `alembic.${owner}` }
      case 'begin_nested':
      case 'begin':
        return { kind: 'name', path: `alembic.${name}` }
      case 'in_transaction':
        return boolean(true)
      case 'close':
        return NONE
      case 'commit':
        return owner === 'session' ? NONE : commit(at)
      case 'flush':
      case 'expire_all':
        if (owner === 'session') return NONE
    }
    const cause = owner === 'session' ? 'needs the database' : 'unsupported call'
    gap(cause, `${name}() of the ${owner} is not followed`, at)
    return unknown(cause, `what ${name}() of the ${owner} gives is not known`)
  }

  /** Ends the transaction. What comes next begins another, which Alembic commits only where it has begun none itself. */
  function commit(at: Stretch): Value {
    if (!outer) {
      gap(
        'unsupported call',
        'commit() of the connection ends Alembic’s transaction; who commits what follows is not known',
        at,
      )
    } else if (autocommit) {
      refuse('commit() in an autocommit_block ends what Alembic itself ends after it', at)
    } else outcome.sent.push({ sql: 'COMMIT', at: { from: at.from, to: at.to }, autocommit, ends: true })
    return NONE
  }

  /** Says that Alembic fails here, whatever the database is like. */
  function refuse(reason: string, at: Stretch): void {
    remark('always-fails', reason, at)
    gap('unsupported call', reason, at)
  }

  function inspect(question: string, given: Arguments): Value {
    const catalog = schemaNow(outcome.sent)
    const answer = catalog === null ? null : inspected(question, given, catalog)
    return answer ?? unknown('needs the database', `what ${question} finds is not known`)
  }

  function method(value: ValueOf<'method'>, at: Stretch): Value | null {
    const { receiver, name } = value
    const kind = sqlalchemyName(receiver)
    if ((name === 'create' || name === 'drop') && MADE_BY_METHOD.has(kind ?? '')) {
      send(
        { ...value, positional: [receiver, ...value.positional] },
        at,
        (translation) => methodSql(value, translation) ?? [],
      )
      return NONE
    }
    if (kind === 'sessionmaker' && name === '__call__') return { kind: 'name', path: 'alembic.session' }
    if ((name === 'create' || name === 'drop' || name === 'create_all' || name === 'drop_all') && kind !== null) {
      gap('unsupported call', `${name}() of ${kind} is not followed`, at)
      return NONE
    }
    const root = rootOf(receiver)
    if (root === 'alembic.begin_nested' || root === 'alembic.begin') return NONE
    if (root.startsWith('alembic.')) {
      gap('unsupported call', `${root}…${name}() is not followed`, at)
      return unknown('unsupported call', `what ${root}…${name}() gives is not known`)
    }
    if (isOutside(root)) {
      remark('reaches-out', `${root}…${name}`, at)
      gap('reads the environment', `${root}…${name}() reaches files, the network or other programs`, at)
      return unknown('reads the environment', `what ${root}…${name}() gives is not known`)
    }
    if (!isApplication(root)) return null
    gap('imports application code', `${root}…${name}() is not followed`, at)
    return unknown('imports application code', `what ${root}…${name}() gives is not known`)
  }

  function enter(value: Value, at: Stretch): { readonly value: Value; leave(): void } | null {
    const path = value.kind === 'call' || value.kind === 'name' ? value.path : ''
    const plainly = { value, leave: () => undefined }
    if (value.kind === 'call' && path === 'alembic.op.batch_alter_table') {
      const owner = `batch_${batches.size}`
      const before = outcome.gaps.length
      send(value, at, (translation) => {
        batches.set(owner, { of: batchOf(value, translation), queue: [] })
        return []
      })
      const isKnown = outcome.gaps.length === before
      return isKnown
        ? {
            value: { kind: 'name', path: `alembic.${owner}` },
            // A batch sends what it was told when its block ends.
            leave: () => outcome.sent.push(...(batches.get(owner)?.queue ?? [])),
          }
        : { ...plainly, value: unknown('unsupported call', 'which table the batch is for is not known') }
    }
    if (path === 'alembic.run.autocommit_block') {
      remark('leaves-transaction', 'autocommit_block', at)
      // https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
      if (outer && outcome.sent.findLast((each) => !each.autocommit)?.ends !== true)
        refuse(
          'env.py has begun the transaction, so that autocommit_block() needs op.get_bind().commit() just before it',
          at,
        )
      const before = autocommit
      autocommit = true
      return { value: NONE, leave: () => (autocommit = before) }
    }
    if (path === 'alembic.begin_nested') {
      savepoints += 1
      const name = `sa_savepoint_${savepoints}`
      sendAll([`SAVEPOINT ${name}`], at)
      return { value, leave: () => sendAll([`RELEASE SAVEPOINT ${name}`], at) }
    }
    const isPlain =
      /^(alembic\.(begin|session|connection|run\.begin_transaction)|alembic\.session\.no_autoflush|contextlib\.(suppress|nullcontext)|warnings\.catch_warnings)$/
    return isPlain.test(path) ? plainly : null
  }

  return {
    outcome,
    skipped: (blocks, scope) => {
      // What the application may or may not do beside is its own matter.
      if (machine().here !== machine().home) return
      for (const { kind, what, at } of seenIn(blocks, scope)) remark(kind, what, at)
    },
    loaded: () => void (when = 'running'),
    call,
    enter,
    gap,
    attribute: attributeOfLibrary,
    resolve: (path) => ofConnection(path) ?? ofLibrary(path) ?? repository.resolve(path),
    names: (path) => repository.names(path),
    guard,
  }
}

/** What `alembic.context` says of the run. */
const CONTEXT: ReadonlyMap<string, Value> = new Map(
  Object.entries<Value>({
    is_offline_mode: boolean(false),
    get_context: { kind: 'name', path: 'alembic.run' },
    get_bind: { kind: 'name', path: 'alembic.connection' },
    get_x_argument: unknown('reads the environment', 'what the command line gives with -x is not known'),
    get_tag_argument: unknown('reads the environment', 'what the command line gives with --tag is not known'),
  }),
)

/** Whether a query gives objects of mapped classes, rather than the values of columns. */
function selectsObjects(query: Value): boolean {
  if (query.kind === 'method') return selectsObjects(query.receiver)
  if (query.kind !== 'call' || sqlalchemyName(query) !== 'select') return false
  return query.positional.some(
    (of) => of.kind === 'class' || /^(table|Table)$/.test(sqlalchemyName(of) ?? '') || isApplication(rootOf(of)),
  )
}

/** Names that hang on the connection or on the run of the migration. */
function ofConnection(path: string): Value | null {
  if (!/^alembic\.(connection|session|run|dialect|op|context)\./.test(path)) return null
  if (
    /^alembic\.(connection|session|run)\.(.*\.)?(dialect|engine)\.name$/.test(path) ||
    path === 'alembic.dialect.name'
  )
    return string('postgresql')
  if (/^alembic\.run\.(bind|connection)$/.test(path)) return { kind: 'name', path: 'alembic.connection' }
  if (path === 'alembic.run.as_sql') return boolean(false)
  if (path === 'alembic.session.bind') return { kind: 'name', path: 'alembic.connection' }
  return null
}

/** What has methods `create` and `drop` that are understood. */
const MADE_BY_METHOD: ReadonlySet<string> = new Set(['Enum', 'ENUM', 'DOMAIN', 'Sequence', 'Table'])
