import type { SourceText } from '../../source/source-text.js'
import type { Node, Tree } from './node.js'

// Follows liquibase/parser/AbstractFormattedChangeLogParser.java: it looks at lines, whatever they stand in.
const HEADER = /^\s*--\s*liquibase\s*formatted.*/i
const CHANGE_SET = /^\s*--\s*changeset\s{1,50}("[^"]+"|[^:]+):\s*("[^"]+"|\S+)/i
const PROPERTY = /^\s*--\s*property\s[^:]*:\S*\s[^:]*:/i
/** No author writes a directive that is longer, SQL of a rollback aside; the patterns would take long over it. */
const LONGEST = 4_000
const IGNORE = /^--\s*ignoreLines:(\w+)$/i
const ROLLBACK = /^\s*--\s*rollback (.*)$/i
const ROLLBACK_BEGINS = /^\s*\/\*\s*liquibase\s*rollback\s*$/i
const INCLUDE = /^\s*--\s*(include|includeAll)\s+(\S.*)$/i
/** Directives that are part of no SQL. */
const DIRECTIVES: readonly RegExp[] = [
  /^--\s*comment:? (.*)$/i,
  /^--\s*validCheckSum:? (.*)$/i,
  /^\s*--\s*preconditions(.*)$/i,
  /^\s*--\s*precondition-[a-zA-Z0-9-]+( .*)?$/i,
]
/** Lines that Liquibase takes for a slip of a directive, and then refuses the file. */
const SLIPS: readonly { readonly pattern: RegExp; readonly meant: string }[] = [
  { pattern: /^-\s*changeset\s.*$/i, meant: '--changeset <authorname>:<changesetId>' },
  { pattern: /^\s*--\s*changeset\s*.*$/i, meant: '--changeset <authorname>:<changesetId>' },
  { pattern: /^\s*-+\s*property\s.*$/i, meant: '--property name:<property name> value:<property value>' },
  { pattern: /^--\s*comments:? (.*)$/i, meant: '--comment <comment>' },
  { pattern: /^-\s*comment:? (.*)$/i, meant: '--comment <comment>' },
  { pattern: /^\s*-\s*rollback\s.*$/i, meant: '--rollback <rollback SQL>' },
  { pattern: /^\s*-\s*preconditions?\b.*$/i, meant: '--preconditions' },
  { pattern: /^-\s*validCheckSum(.*)$/i, meant: '--validChecksum <checksum>' },
  { pattern: /^-\s*ignoreLines:(\w+).*$/i, meant: '--ignoreLines:<count|start>' },
  { pattern: /^--\s*ignore:(\w+)$/i, meant: '--ignoreLines:<count|start>' },
]
/** Attributes of the line of a changeSet, or of a property; each by Liquibase's own pattern. */
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  runOnChange: /runOnChange:(\w+)/i,
  runAlways: /runAlways:(\w+)/i,
  runInTransaction: /runInTransaction:(\w+)/i,
  failOnError: /failOnError:(\w+)/i,
  contextFilter: /context(?:Filter)?:(".*?"|\S*)/i,
  labels: /labels:(".*?"|\S*)/i,
  logicalFilePath: /logicalFilePath:(\S*)/i,
  dbms: /dbms:([^,][\w!,]+)/i,
  ignore: /\bignore:(\w*)/i,
  runWith: /runWith:([\w${}]+)/i,
}
const SQL_ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  splitStatements: /(?<!rollback)splitStatements:(\w+)/i,
  stripComments: /stripComments:(\w+)/i,
  endDelimiter: /\bendDelimiter:(\S*)/i,
}

/** Whether a file says that it is formatted for Liquibase; only its first lines are looked at, as Liquibase does. */
export function isFormatted({ text }: SourceText): boolean {
  const first = /^\ufeff?(?:[ \t]*\r?\n)*([^\r\n]*)/.exec(text)?.[1] ?? ''
  return HEADER.test(first)
}

interface Line {
  readonly text: string
  readonly start: number
}

/** A changelog in formatted SQL as the tree that the same changelog would be in another format. */
export function formattedSql(source: SourceText): Tree {
  const lines = linesOf(source.text)
  const spanOf = (first: Line, last: Line) => source.spanOfUnits(first.start, last.start + last.text.trimEnd().length)
  const refuse = (reason: string, line: Line): Tree => ({ kind: 'refused', reason, at: spanOf(line, line) })
  const leaf = (name: string, value: string | null, line: Line): Node => ({
    name,
    value,
    children: [],
    at: spanOf(line, line),
    offsetOf: null,
  })
  const attributesOf = (line: Line, patterns = ATTRIBUTES): readonly Node[] =>
    Object.entries(patterns).flatMap(([name, pattern]) => {
      const value = pattern.exec(line.text)?.[1]
      return value === undefined ? [] : [leaf(name, unquoted(value), line)]
    })
  const nodes: Node[] = []
  const before: Node[] = []
  let open: Draft | null = null
  let headed = false

  const close = (): void => {
    if (open !== null) nodes.push(...before.splice(0), changeSetOf(open, source, attributesOf, leaf, spanOf))
    else nodes.push(...before.splice(0))
  }

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as Line
    const { text } = line
    if (text.length > LONGEST && /^\s{0,99}--\s{0,99}(changeset|property)\s/i.test(text.slice(0, 300))) {
      return refuse(`a directive has more than ${LONGEST} characters`, line)
    }
    if (HEADER.test(text)) {
      if (headed) return refuse('the header `--liquibase formatted sql` is there twice', line)
      headed = true
      const path = ATTRIBUTES['logicalFilePath']?.exec(text)?.[1]
      if (path !== undefined) before.push(leaf('logicalFilePath', path, line))
      continue
    }
    if (PROPERTY.test(text)) {
      const own = [/name:\s*(\S+)/i, /value:\s*(\S+)/i, /global:(\S+)/i].map(
        (pattern) => pattern.exec(text)?.[1] ?? null,
      )
      const named = ['name', 'value', 'global'].flatMap((name, index) =>
        (own[index] ?? null) === null ? [] : [leaf(name, own[index] ?? null, line)],
      )
      before.push({ ...leaf('property', null, line), children: [...named, ...attributesOf(line)] })
      continue
    }
    const ignored = IGNORE.exec(text)?.[1]
    if (ignored !== undefined) {
      if (ignored === 'start') while (++at < lines.length && IGNORE.exec(lines[at]?.text ?? '')?.[1] !== 'end');
      else if (/^\d+$/.test(ignored)) at += Number(ignored)
      else return refuse(`ignoreLines:${ignored} is neither a number nor start`, line)
      continue
    }
    const header = CHANGE_SET.exec(text)
    if (header !== null) {
      if (open !== null && open.sql.every((each) => each.text.trim() === '')) {
        return refuse('the changeSet before this one has no SQL', open.header)
      }
      close()
      open = { header: line, author: header[1] ?? '', id: header[2] ?? '', sql: [], rollback: [], more: [], last: line }
      if (!new RegExp(`changeset\\s+${escaped(`${open.author}:${open.id}`)}`, 'i').test(text)) {
        return refuse('there is a space between author and id', line)
      }
      continue
    }
    const slip = SLIPS.find(({ pattern }) => pattern.test(text))
    if (slip !== undefined) return refuse(`Liquibase takes the line for a wrong \`${slip.meant}\``, line)
    if (open === null) {
      const include = INCLUDE.exec(text)
      if (include !== null) {
        const pairs = [...(include[2] ?? '').matchAll(/(\w+):(".*?"|\S*)/g)]
        const children = pairs.map(([, name = '', value = '']) => leaf(name, unquoted(value), line))
        before.push({ ...leaf(/^include$/i.test(include[1] ?? '') ? 'include' : 'includeAll', null, line), children })
      } else if (/^--\s*comment:? (.*)$/i.test(text))
        return refuse('a `--comment` stands outside every changeSet', line)
      continue
    }
    if (text.trim() !== '') open.last = line
    const rollback = ROLLBACK.exec(text)
    if (rollback !== null) {
      const given = rollback[1] ?? ''
      open.rollback.push({ text: given, start: line.start + text.length - given.length }, LINE_END)
    } else if (ROLLBACK_BEGINS.test(text)) {
      const first = line
      for (;;) {
        const next = lines[++at]
        if (next === undefined) return refuse('the comment `liquibase rollback` has no end', first)
        open.last = next
        const kept = next.text.trimEnd()
        const ends = kept.endsWith('*/')
        // Liquibase puts these lines together with nothing between.
        open.rollback.push({ text: ends ? kept.slice(0, -2) : next.text, start: next.start })
        if (ends) break
      }
    } else {
      const directive = DIRECTIVES.findIndex((pattern) => pattern.test(text))
      if (directive < 0) open.sql.push(line)
      else
        open.more.push({
          line,
          kind: (['comment', 'validCheckSum', 'preconditions', 'precondition'] as const)[directive] ?? 'comment',
        })
    }
  }
  close()
  const root = leaf('databaseChangeLog', null, { text: '', start: 0 })
  return { kind: 'tree', root: { ...root, children: nodes }, comments: [] }
}

const LINE_END: Line = { text: '\n', start: -1 }

interface Draft {
  readonly header: Line
  readonly author: string
  readonly id: string
  readonly sql: Line[]
  readonly rollback: Line[]
  readonly more: {
    readonly line: Line
    readonly kind: 'comment' | 'validCheckSum' | 'preconditions' | 'precondition'
  }[]
  last: Line
}

function changeSetOf(
  draft: Draft,
  source: SourceText,
  attributesOf: (line: Line, patterns?: Readonly<Record<string, RegExp>>) => readonly Node[],
  leaf: (name: string, value: string | null, line: Line) => Node,
  spanOf: (first: Line, last: Line) => Node['at'],
): Node {
  const { header, sql, rollback, last } = draft
  const text = joined(sql.flatMap((line) => [line, LINE_END]))
  // A last line that is a slash alone ends the text, as Oracle's tools have it.
  const oracle = !ATTRIBUTES_HAS.test(header.text) && text.value.trimEnd().endsWith('\n/')
  const attributes = attributesOf(header, SQL_ATTRIBUTES)
  const filled = sql.filter((line) => line.text.trim() !== '')
  const change: Node = {
    name: 'sql',
    ...text,
    children: [...attributes, ...(oracle ? [leaf('endDelimiter', '\n/$', header)] : [])],
    at: spanOf(filled[0] ?? header, filled.at(-1) ?? header),
  }
  return {
    name: 'changeSet',
    value: null,
    offsetOf: null,
    at: spanOf(header, last),
    children: [
      leaf('id', unquoted(draft.id), header),
      leaf('author', unquoted(draft.author), header),
      ...attributesOf(header),
      ...preconditionsOf(draft, leaf),
      ...draft.more
        .filter(({ kind }) => kind === 'comment' || kind === 'validCheckSum')
        .map(({ line, kind }) => leaf(kind, line.text.replace(/^--\s*\w+:? /, ''), line)),
      change,
      ...rollbackOf(rollback, header, source, leaf),
    ],
  }
}

const ATTRIBUTES_HAS = /\bendDelimiter:/i

function preconditionsOf(
  { more }: Draft,
  leaf: (name: string, value: string | null, line: Line) => Node,
): readonly Node[] {
  const [first] = more.filter(({ kind }) => kind === 'preconditions' || kind === 'precondition')
  if (first === undefined) return []
  const fails = ['onFail', 'onError'].flatMap((name) => {
    const value = new RegExp(`${name}:(\\w+)`, 'i').exec(first.line.text)?.[1]
    return value === undefined ? [] : [leaf(name, value, first.line)]
  })
  const checks = more
    .filter(({ kind }) => kind === 'precondition')
    .map(({ line }) => leaf(/precondition-([\w-]+)/i.exec(line.text)?.[1] ?? '', null, line))
  return [{ ...leaf('preConditions', null, first.line), children: [...fails, ...checks] }]
}

function rollbackOf(
  lines: readonly Line[],
  header: Line,
  source: SourceText,
  leaf: (name: string, value: string | null, line: Line) => Node,
): readonly Node[] {
  const { value, offsetOf } = joined(lines)
  if (value.trim() === '') return []
  const written = lines.filter(({ start }) => start >= 0)
  const [first = header] = written
  const last = written.at(-1) ?? header
  const at = source.spanOfUnits(first.start, last.start + last.text.length)
  const node: Node = { name: 'rollback', value: null, offsetOf: null, at, children: [] }
  if (/^(not required|empty)/i.test(value.trim())) return [node]
  if (/changesetid/i.test(value)) {
    const parts = [
      ['changeSetId', /changeSetId:(\S+)/i],
      ['changeSetAuthor', /changesetAuthor:(\S+)/i],
      ['changeSetPath', /changesetPath:(\S+)/i],
    ] as const
    const children = parts.flatMap(([name, pattern]) => {
      const part = pattern.exec(value)?.[1]
      return part === undefined ? [] : [leaf(name, part, first)]
    })
    return [{ ...node, children }]
  }
  const split = /rollbackSplitStatements:(\w+)/i.exec(header.text)?.[1]
  const delimiter = /\brollbackEndDelimiter:(\S*)/i.exec(header.text)?.[1]
  const children = [
    ...(split === undefined ? [] : [leaf('splitStatements', split, header)]),
    ...(delimiter === undefined ? [] : [leaf('endDelimiter', delimiter, header)]),
  ]
  return [{ ...node, children: [{ name: 'sql', value, offsetOf, at, children }] }]
}

/** Lines as one text, and where each code unit of it stands. */
function joined(lines: readonly Line[]): Pick<Node, 'offsetOf'> & { readonly value: string } {
  const starts: number[] = []
  let length = 0
  for (const { text } of lines) {
    starts.push(length)
    length += text.length
  }
  const offsetOf = (index: number): number => {
    let low = 0
    let high = lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= index) low = middle
      else high = middle - 1
    }
    const line = lines[low]
    const within = index - (starts[low] ?? 0)
    if (line === undefined) return 0
    // A line end stands right after its line.
    const previous = lines[low - 1]
    return line.start >= 0 ? line.start + within : previous === undefined ? 0 : previous.start + previous.text.length
  }
  return { value: lines.map(({ text }) => text).join(''), offsetOf }
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = []
  for (const match of text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)) {
    if (match[0] === '') break
    lines.push({ text: match[1] ?? '', start: match.index })
  }
  return lines
}

function unquoted(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
