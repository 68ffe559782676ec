import { show } from '../../src/model/names.js'
import type { Operation } from '../../src/model/operation.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers, parse } from '../../src/sql/parse.js'
import { readStatement } from '../../src/sql/read-statement.js'
import { tokens } from '../../src/sql/tokens.js'

/** Reads a text the way a script is read, and gives each operation with the text that its span underlines. */
export async function operationsOf(sql: string): Promise<readonly { operation: Operation; underlined: string }[]> {
  await loadParsers()
  const source = sourceText('test.sql', sql)
  const outcome = parse(sql)
  if (outcome.kind !== 'parsed') throw new Error(`${sql}\n${outcome.kind}: ${JSON.stringify(outcome)}`)
  const all = tokens(sql)
  return outcome.statements.flatMap(({ node, start, end }) => {
    const own = all.filter((token) => token.start >= start && token.end <= end)
    const place = { tokens: own, start, end, locate: source.spanOfBytes, text: source.sliceBytes }
    return readStatement(node, place).map((operation) => ({ operation, underlined: source.slice(operation.span) }))
  })
}

/**
 * Operations as lines such as `drop-column table=users column=b | DROP COLUMN b`; what is false, null or empty is left out. What
 * is inside a DO block follows its line, indented.
 */
export async function linesOf(sql: string): Promise<readonly string[]> {
  const source = sourceText('test.sql', sql)
  const lines = (operation: Operation, indent: string): readonly string[] => {
    const underlined = source.slice(operation.span).replace(/\s+/g, ' ')
    const inner = operation.kind === 'do' ? operation.inner.flatMap((each) => lines(each, `${indent}  `)) : []
    const hidden = operation.kind === 'do' ? { body: null, inner: null } : {}
    return [`${indent}${operation.kind} ${fieldsOf({ ...operation, kind: null, ...hidden })} | ${underlined}`, ...inner]
  }
  return (await operationsOf(sql)).flatMap(({ operation }) => lines(operation, ''))
}

function fieldsOf(fields: object): string {
  return Object.entries(fields)
    .filter(([key, value]) => key !== 'span' && !isNothing(value))
    .map(([key, value]) => (value === true ? key : `${key}=${valueOf(value)}`))
    .join(' ')
}

function isNothing(value: unknown): boolean {
  return value === false || value === null || (Array.isArray(value) && value.length === 0)
}

function valueOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if ('volatility' in value) return expressionOf(value as Record<string, unknown>)
  if ('arrays' in value)
    return `${'text' in value ? String(value.text) : ''}${'serial' in value && value.serial === true ? ' serial' : ''}`
  if (Object.keys(value).length === 2 && 'schema' in value && 'name' in value) {
    return show({ schema: String(value.schema), name: String(value.name) })
  }
  return 'kind' in value ? `(${String(value.kind)} ${fieldsOf({ ...value, kind: null })})` : `{${fieldsOf(value)}}`
}

function expressionOf({ text, volatility, ...facts }: Record<string, unknown>): string {
  const told = fieldsOf({ volatility: volatility === 'immutable' ? null : volatility, ...facts })
  return told === '' ? `‹${String(text)}›` : `‹${String(text)}: ${told}›`
}
