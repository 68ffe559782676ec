import * as primary from 'libpg-query'
import { nesting } from './nesting.js'
import { scan, type Token } from './tokens.js'

/** A statement of a parsed text: its node (`{ AlterTableStmt: … }`) and its bytes, without blanks, comments, semicolon. */
export interface ParsedStatement {
  readonly node: unknown
  readonly start: number
  readonly end: number
}

/** What PostgreSQL's parser says; `codePoint` is zero-based. `refused`: it gave no answer that can be relied on. */
export type ParseOutcome =
  | { readonly kind: 'parsed'; readonly version: number; readonly statements: readonly ParsedStatement[] }
  | { readonly kind: 'syntax-error'; readonly message: string; readonly codePoint: number }
  | { readonly kind: 'refused'; readonly reason: string }

/** What the grammar of one major says of a text; `grammar` names the major that was really asked. */
export type Acceptance = { readonly grammar: number } & (
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly message: string; readonly codePoint: number }
  | { readonly kind: 'refused'; readonly reason: string }
)

/**
 * Whether an independent build of the parser sees the same statements; byte offsets of the first that differs. It is
 * `too-old` for a text that PostgreSQL 16's grammar does not know.
 */
export type SecondOpinion =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'too-old' }
  | { readonly kind: 'not-asked'; readonly reason: string }
  | { readonly kind: 'disagrees'; readonly reason: string; readonly start: number; readonly end: number }

type RawTree = {
  readonly version?: number
  readonly stmts?: readonly { stmt?: object; stmt_location?: number; stmt_len?: number }[]
}
type Grammar = { loadModule(): Promise<void>; parseSync(sql: string): RawTree }

const PRIMARY_MAJOR = 18
const OLDER: Readonly<Record<number, () => Promise<Grammar>>> = {
  15: () => import('libpg-query-15'),
  16: () => import('libpg-query-16'),
  17: () => import('libpg-query-17'),
}
const OLDEST = 15
const SECOND_MAJOR = 16

/** A parser that threw anything but a syntax error may answer wrongly from then on; this many are borne. */
const BEARABLE_POISONINGS = 3

const loaded = new Map<number, Grammar>()
let ready = false
let second: SecondReader | null = null
let secondStopped = false
let poisonings = 0

/** Makes the parsers ready: always PostgreSQL 18's, on request those of older majors and the second reader. */
export async function loadParsers(wanted: { majors?: readonly number[]; second?: boolean } = {}): Promise<void> {
  const majors = new Set((wanted.majors ?? []).map(grammarFor))
  if (wanted.second) majors.add(SECOND_MAJOR)
  await Promise.all([
    primary.loadModule().then(() => (ready = true)),
    ...[...majors].map(async (major) => {
      const grammar = loaded.has(major) ? undefined : await OLDER[major]?.()
      if (!grammar) return
      await grammar.loadModule()
      loaded.set(major, grammar)
    }),
    wanted.second && second === null ? openSecondReader().then((reader) => (second = reader)) : undefined,
  ])
}

/**
 * Whether this instance can still be relied on; when not, the worker that hosts it must be replaced. `pristine`: no text has
 * broken anything in it, so that the next is read as by a new one.
 */
export function parserHealth(): { readonly poisonings: number; readonly usable: boolean; readonly pristine: boolean } {
  return { poisonings, usable: poisonings <= BEARABLE_POISONINGS, pristine: poisonings === 0 && !secondStopped }
}

/** Parses a text as PostgreSQL 18 does. `scanned` are the text's tokens, when they are at hand. */
export function parse(sql: string, scanned?: readonly Token[]): ParseOutcome {
  const tokens = scanned ?? scan(sql).tokens
  const tree = ask(primary as Grammar, sql)
  if (tree.kind !== 'tree') return tree
  return { kind: 'parsed', version: tree.version, statements: statementsOf(tree.raw, tokens) }
}

/** The tree of the PL/pgSQL in a whole DO or CREATE FUNCTION statement, or why there is none. */
export type PlpgsqlOutcome =
  { readonly kind: 'parsed'; readonly tree: unknown } | { readonly kind: 'failed'; readonly reason: string }

/** Parses the body of one DO block or function as PL/pgSQL; the SQL within is in the tree as text. */
export function parsePlpgsql(sql: string): PlpgsqlOutcome {
  if (!ready) throw new Error('the parsers were not loaded')
  if (sql.includes('\0'))
    return { kind: 'failed', reason: 'the text holds a NUL character, which hides what follows it' }
  if (!parserHealth().usable) return { kind: 'failed', reason: 'the parser is no longer relied on' }
  try {
    return { kind: 'parsed', tree: primary.parsePlPgSQLSync(sql) }
  } catch (error) {
    if (error instanceof Error && /^(Range|Runtime)Error$/.test(error.name)) poisonings++
    return { kind: 'failed', reason: messageOf(error) }
  }
}

/** What the target's own grammar says of a text: that of 15 for older majors, the newest for newer ones. */
export function acceptedBy(major: number, sql: string): Acceptance {
  const grammar = grammarFor(major)
  const answer = ask(grammar === PRIMARY_MAJOR ? (primary as Grammar) : grammarOf(grammar), sql)
  if (answer.kind === 'tree') return { kind: 'accepted', grammar }
  if (answer.kind === 'refused') return { ...answer, grammar }
  return { kind: 'rejected', grammar, message: answer.message, codePoint: answer.codePoint }
}

/** Whether `parse` reads with the grammar of this major already. */
export function isPrimary(major: number): boolean {
  return grammarFor(major) === PRIMARY_MAJOR
}

/** Compares what the first reader saw with an independent build of PostgreSQL 16's parser. */
export function secondOpinion(
  sql: string,
  statements: readonly ParsedStatement[],
  scanned?: readonly Token[],
): SecondOpinion {
  const tokens = scanned ?? scan(sql).tokens
  const { depth, terms } = nesting(tokens)
  if (depth.most > SECOND_DEPTH || terms.most > SECOND_TERMS) return notAsked('it hangs on texts nested like this one')
  if (second === null) return notAsked('it is not loaded, or stopped earlier')
  let answer: SecondAnswer
  try {
    answer = second(sql)
  } catch (error) {
    second = null
    secondStopped = true
    return notAsked(`it stopped: ${messageOf(error)}`)
  }
  if ('message' in answer) {
    if (acceptedBy(SECOND_MAJOR, sql).kind !== 'accepted') return { kind: 'too-old' }
    const reason = `one reads ${statements.length} statements, the other says: ${answer.message}`
    return { kind: 'disagrees', reason, start: statements[0]?.start ?? 0, end: statements.at(-1)?.end ?? 0 }
  }
  return compare(statements, statementsOf(answer.tree, tokens))
}

/** The name of a statement's node, such as `AlterTableStmt`. */
export function nodeName(node: unknown): string {
  return typeof node === 'object' && node !== null ? (Object.keys(node)[0] ?? '') : ''
}

/** Half of what was seen to kill it. */
const SECOND_DEPTH = 60
const SECOND_TERMS = 300

function notAsked(why: string): SecondOpinion {
  return { kind: 'not-asked', reason: `the second parser was not asked: ${why}` }
}

function compare(first: readonly ParsedStatement[], other: readonly ParsedStatement[]): SecondOpinion {
  const most = Math.max(first.length, other.length)
  for (let i = 0; i < most; i++) {
    const a = first[i]
    const b = other[i]
    const { start, end } = a ?? b ?? { start: 0, end: 0 }
    if (!a || !b) {
      return {
        kind: 'disagrees',
        reason: `one reads ${first.length} statements, the other ${other.length}`,
        start,
        end,
      }
    }
    const [one, two] = [nodeName(a.node), nodeName(b.node)]
    if (one !== two) return { kind: 'disagrees', reason: `one reads ${one}, the other ${two}`, start, end }
    if (a.start !== b.start || a.end !== b.end) {
      const reason = `one reads bytes ${a.start} to ${a.end} as a statement, the other ${b.start} to ${b.end}`
      return { kind: 'disagrees', reason, start, end }
    }
  }
  return { kind: 'agrees' }
}

function grammarFor(major: number): number {
  return Math.min(PRIMARY_MAJOR, Math.max(OLDEST, major))
}

function grammarOf(major: number): Grammar {
  const grammar = loaded.get(major)
  if (!grammar) throw new Error(`the grammar of PostgreSQL ${major} was not loaded`)
  return grammar
}

/** What PostgreSQL skips: other blanks of Unicode are letters to it. */
const BLANK = /^[ \t\n\v\f\r]*$/

type Answer = Exclude<ParseOutcome, { kind: 'parsed' }> | { kind: 'tree'; raw: RawTree; version: number }

function ask(grammar: Grammar, sql: string): Answer {
  if (!ready) throw new Error('the parsers were not loaded')
  // The parser takes a C string: it would not see what follows a NUL.
  if (sql.includes('\0'))
    return { kind: 'refused', reason: 'the text holds a NUL character, which hides what follows it' }
  if (!parserHealth().usable) {
    return { kind: 'refused', reason: `the parser failed ${poisonings} times and is no longer relied on` }
  }
  // On blank text some majors answer, others throw.
  if (BLANK.test(sql)) return { kind: 'tree', raw: {}, version: 0 }
  try {
    const raw = grammar.parseSync(sql)
    return { kind: 'tree', raw, version: raw.version ?? 0 }
  } catch (error) {
    const details = sqlDetails(error)
    if (details) return { kind: 'syntax-error', message: details.message, codePoint: details.cursorPosition }
    poisonings++
    return { kind: 'refused', reason: `the parser failed on this text (${messageOf(error)})` }
  }
}

function sqlDetails(error: unknown): primary.SqlErrorDetails | undefined {
  const details = (error as { sqlDetails?: primary.SqlErrorDetails } | null)?.sqlDetails
  return typeof details?.message === 'string' ? details : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A raw statement's range holds blanks and comments, by version on different sides; tokens tell where it really lies. */
function statementsOf(raw: RawTree, tokens: readonly Token[]): ParsedStatement[] {
  let next = 0
  return (raw.stmts ?? []).map(({ stmt, stmt_location = 0, stmt_len }) => {
    const limit = stmt_len ? stmt_location + stmt_len : Infinity
    let start = -1
    let end = -1
    for (; next < tokens.length; next++) {
      const token = tokens[next]
      if (!token || token.end > limit) break
      if (token.start < stmt_location || token.kind === 'comment' || (start < 0 && token.text === ';')) continue
      if (start < 0) start = token.start
      end = token.end
    }
    return { node: stmt, start, end }
  })
}

type SecondAnswer = { readonly message: string } | { readonly tree: RawTree }
type SecondReader = (sql: string) => SecondAnswer

/** What is used of pg-query-emscripten, which has no types. */
interface SecondModule {
  allocate(bytes: Uint8Array, kind: 0): number
  _free(pointer: number): void
  raw_parse(pointer: number): { readonly parse_tree: string; readonly error: { readonly message: string } }
}

/** Its own `parse` leaks the text onto a small stack; here the text lives on the heap. */
async function openSecondReader(): Promise<SecondReader> {
  // @ts-expect-error the package has no types
  const { default: Module } = (await import('pg-query-emscripten/pg_query_wasm.js')) as {
    default: new () => Promise<SecondModule>
  }
  const reader = await new Module()
  return (sql) => {
    const pointer = reader.allocate(Buffer.from(`${sql}\0`, 'utf8'), 0)
    try {
      const { error, parse_tree } = reader.raw_parse(pointer)
      return error.message === '' ? { tree: JSON.parse(parse_tree) as RawTree } : { message: error.message }
    } finally {
      reader._free(pointer)
    }
  }
}
