import type { Project, Remark, Script, Statement } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import type { SourceText } from '../../source/source-text.js'
import { startOf } from '../../source/span.js'
import { throughJdbc } from '../../sql/jdbc.js'
import { readReplaced, readTranslated, type Reading } from '../../sql/script.js'
import { statedIrreversible } from '../irreversible.js'
import { settingsIn } from './project.js'
import { placeholdersIn, type Placeholder } from './placeholders.js'
import { scriptSettings, type ScriptSettings } from './script-settings.js'
import type { Settings } from './settings.js'
import { runsOutside, waitsForOthers } from './transaction.js'

type Readable = Extract<Script, { kind: 'script' }>

/** One direction of a migration, as Flyway sends it. `opens`: it is the first that a database runs. */
export function readDirection(
  project: Project,
  { path, direction, opens }: { readonly path: string; readonly direction: 'up' | 'down'; readonly opens: boolean },
  files: FileSet,
  reading: Reading,
): Script {
  if (!isSql(path, files)) return unreadable(path, files)
  const source = files.read(path)
  if (source === undefined) return unreadable(path, files)
  const settings = settingsIn(project)
  const own = scriptSettings(files.read(`${path}.conf`))
  const replaces = own.replaced ?? settings.placeholders.replaced
  const placeholders = replaces ? placeholdersIn(source, settings) : []
  const script = readFilled(source, placeholders, reading)
  if (script.kind !== 'script') return script
  if (direction === 'down' && script.statements.length === 0 && script.gaps.length === 0) {
    const stated = statedIrreversible(script.comments)
    if (stated !== null) return stated
  }
  return throughJdbc(within(settings, inTransaction(script, settings, own, source), { path, opens }, reading))
}

function isSql(path: string, files: FileSet): boolean {
  return files.refusal(path) !== undefined || !/\.(java|kt|groovy|scala)$/.test(path)
}

function unreadable(path: string, files: FileSet): Script {
  const { reason, line } = files.refusal(path) ?? {
    reason: isSql(path, files)
      ? 'the file was not loaded'
      : 'a migration in Java or another language of its platform is code, which is not read; its version is taken from its name',
    line: 1,
  }
  const start = { line, column: 1 }
  return { kind: 'refused', cause: 'refused', reason, at: { path, start, end: start } }
}

/** With a word for each placeholder whose value nobody knows; what holds such a word is left out, and a gap. */
function readFilled(source: SourceText, placeholders: readonly Placeholder[], reading: Reading): Script {
  const word = unusedIn(source.text)
  const replacements = placeholders.map(({ start, end, value }) => ({ start, end, text: value ?? word }))
  const script = readReplaced(source, replacements, reading, 'one')
  const unknown = placeholders.filter(({ value }) => value === null)
  const [first] = unknown
  if (first === undefined) return script
  const at = ({ start, end }: Placeholder) => source.spanOfUnits(start, end)
  if (script.kind !== 'script') {
    return { kind: 'refused', cause: 'refused', reason: first.reason, at: at(first) }
  }
  const isHeld = ({ sql }: Statement): boolean => sql.includes(word)
  const spans = script.statements.filter(isHeld).map(({ span }) => source.slice(span))
  const gaps = unknown
    // A value that Flyway has makes no difference in a comment.
    .filter(({ given, start, end }) => !given || spans.some((text) => text.includes(source.text.slice(start, end))))
    .map((each): Note => ({ message: each.reason, at: at(each), bearing: 'withholds' }))
  const statements = script.statements.filter((statement) => !isHeld(statement))
  const comments = script.comments.map((comment) => ({ ...comment, text: comment.text.replaceAll(word, '…') }))
  return {
    ...script,
    comments,
    statements: statements.map((statement, index) => ({ ...statement, index })),
    gaps: [...gaps, ...script.gaps],
  }
}

/** A word that a text does not hold. */
function unusedIn(text: string): string {
  let word = 'flyway_value'
  while (text.includes(word)) word += '_'
  return word
}

/** The transaction that Flyway opens: none around a script that holds what cannot run in one. */
function inTransaction(script: Readable, settings: Settings, own: ScriptSettings, source: SourceText): Readable {
  const outside = script.statements.filter(({ sql }) => runsOutside(sql))
  const [first] = outside
  const byItself = settings.inTransaction && first === undefined
  const transaction = (own.inTransaction ?? byItself) ? 'one' : 'none'
  const isMixed = first !== undefined && outside.length < script.statements.length
  const refuses = isMixed && !settings.mixed && own.inTransaction === null && settings.inTransaction
  const remark: Remark | null = refuses
    ? {
        kind: 'always-fails',
        what:
          'the file mixes it with statements that run in a transaction, and `mixed` is not set; Flyway runs nothing of the ' +
          'file. Put it into a file of its own',
        at: first.span,
        when: 'running',
        by: 'itself',
      }
    : null
  const gaps = own.others.map((name): Note => ({
    message:
      name === 'shouldExecute'
        ? 'whether Flyway runs it depends on shouldExecute in the file beside it'
        : `Flyway stops at ${name} in the file beside it, which is no setting of a script`,
    at: startOf(source.path),
    bearing: 'withholds',
  }))
  return {
    ...script,
    transaction,
    gaps: [...gaps, ...(transaction === 'none' ? waits(script, settings) : []), ...script.gaps],
    ...(remark === null ? {} : { remarks: [remark] }),
  }
}

/**
 * Since Flyway 9.1 its own lock is one of a transaction that stays open, and CREATE INDEX CONCURRENTLY waits for that one as well
 * (https://documentation.red-gate.com/fd/postgresql-transactional-lock-184127530.html).
 */
function waits({ statements }: Readable, { locksInTransaction }: Settings): readonly Note[] {
  if (!locksInTransaction) return []
  return statements
    .filter(({ sql }) => waitsForOthers(sql))
    .map(({ span }) => ({
      message:
        'Flyway 9.1 and later never gets past CREATE INDEX CONCURRENTLY, which waits for the transaction of Flyway’s own lock, ' +
        'unless flyway.postgresql.transactional.lock is set to false; no configuration that was read says so',
      at: span,
      bearing: 'informs',
    }))
}

/** What Flyway does before: it creates the schema that it is set to, and puts it first in the search path. */
function within(
  { schemas, createsSchemas }: Settings,
  script: Readable,
  { path, opens }: { readonly path: string; readonly opens: boolean },
  reading: Reading,
): Readable {
  const [first] = schemas
  if (first === undefined || first === 'public') return script
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
  const created = opens && createsSchemas ? schemas.map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoted(name)};`) : []
  const sql = [...created, `SET search_path TO ${quoted(first)}, public`].join('\n')
  const before = readTranslated(sql, startOf(path), reading, script.transaction)
  if (before.kind !== 'script') return script
  const statements = [...before.statements, ...script.statements].map((statement, index) => ({ ...statement, index }))
  return { ...script, statements }
}
