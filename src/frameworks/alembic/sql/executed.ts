import { describe, type Value, type ValueOf } from '../python/value.js'
import { parameters, sqlalchemyName, type Parameters, type Translation } from '../translation.js'
import { createDomain, domainName } from './domain.js'
import { newScope } from './element.js'
import { createEnum, dropEnum, enumOf } from './enum.js'
import { identifier } from './identifier.js'
import { createSequence, sequenceName } from './sequence.js'
import { isStatement, statementSql, type Row } from './statement.js'
import { droppedTable, newTable } from './table.js'
import { textElement } from './text.js'

/** SQL of what `op.execute(…)` or a connection is given, but for a plain string; `row` are parameters given beside it. */
export function executedSql(value: Value, row: Row, translation: Translation): readonly string[] {
  if (value.kind === 'call' || value.kind === 'method') {
    const text = textElement(value, translation)
    if (text !== null) return [text.write(newScope(translation, false, row))]
    const ddl = value.kind === 'call' ? ddlSql(value, translation) : null
    if (ddl !== null) return ddl
    const statement = statementSql(value, row, translation)
    if (statement !== null) return [statement]
  }
  return [translation.problem(describe(value))]
}

/** Whether a connection may be given it, other than as a plain string. */
export function isExecutable(value: Value, translation: Translation): boolean {
  if (value.kind === 'method' && ['bindparams', 'params', 'execution_options', 'columns'].includes(value.name))
    return isExecutable(value.receiver, translation)
  const name = sqlalchemyName(value)
  return name === 'text' || (name !== null && DDL[name] !== undefined) || isStatement(value, translation)
}

type DdlSql = (value: ValueOf<'call'>, translation: Translation) => readonly string[]

/** What a DDL element is about, and its flags. */
function about(value: ValueOf<'call'>, flags: readonly string[], translation: Translation): Parameters {
  return parameters(value, { order: ['element'], keywords: flags }, translation)
}

function of(given: Parameters, read: (element: Value) => string | null, translation: Translation): string {
  const element = given.value('element')
  if (element === undefined) return translation.problem('what is to be made or dropped is missing')
  return read(element) ?? translation.problem(describe(element))
}

const DDL: Readonly<Record<string, DdlSql | undefined>> = {
  CreateSequence: (value, translation) => {
    const given = about(value, ['if_not_exists'], translation)
    const ifNotExists = given.flag('if_not_exists') === true
    return [of(given, (element) => createSequence(element, ifNotExists, translation), translation)]
  },
  DropSequence: (value, translation) => {
    const given = about(value, ['if_exists'], translation)
    const name = of(given, (element) => sequenceName(element, translation), translation)
    return [`DROP SEQUENCE ${given.flag('if_exists') === true ? 'IF EXISTS ' : ''}${name}`]
  },
  CreateSchema: (value, translation) => {
    const given = about(value, ['if_not_exists', 'name'], translation)
    const name = given.optionalString('element') ?? given.string('name')
    return [`CREATE SCHEMA ${given.flag('if_not_exists') === true ? 'IF NOT EXISTS ' : ''}${identifier(name)}`]
  },
  DropSchema: (value, translation) => {
    const given = about(value, ['cascade', 'if_exists', 'name'], translation)
    const name = identifier(given.optionalString('element') ?? given.string('name'))
    const ifExists = given.flag('if_exists') === true ? 'IF EXISTS ' : ''
    return [`DROP SCHEMA ${ifExists}${name}${given.flag('cascade') === true ? ' CASCADE' : ''}`]
  },
  CreateTable: (value, translation) => {
    const given = about(value, ['if_not_exists', 'include_foreign_key_constraints'], translation)
    if (given.has('include_foreign_key_constraints')) translation.problem('some of the foreign keys are left out')
    const ifNotExists = given.flag('if_not_exists') === true
    return [of(given, (element) => newTable(element, ifNotExists, translation)?.table ?? null, translation)]
  },
  DropTable: (value, translation) => {
    const given = about(value, ['if_exists'], translation)
    return [of(given, (element) => droppedTable(element, given.flag('if_exists') === true, translation), translation)]
  },
  CreateEnumType: (value, translation) => {
    const read = (element: Value): string | null => {
      const type = enumOf(element, null, translation)
      return type === null ? null : createEnum(type)
    }
    return [of(about(value, [], translation), read, translation)]
  },
  DropEnumType: (value, translation) => {
    const read = (element: Value): string | null => {
      const type = enumOf(element, null, translation)
      return type === null ? null : dropEnum(type, false)
    }
    return [of(about(value, [], translation), read, translation)]
  },
  CreateDomainType: (value, translation) => [
    of(about(value, [], translation), (element) => createDomain(element, translation), translation),
  ],
  DropDomainType: (value, translation) => {
    const name = of(about(value, [], translation), (element) => domainName(element, translation), translation)
    return [`DROP DOMAIN ${name}`]
  },
  DDL: (value, translation) => {
    const given = parameters(value, { order: ['statement', 'context'] }, translation)
    return [formatted(given.string('statement'), given.value('context'), translation)]
  },
}

function ddlSql(value: ValueOf<'call'>, translation: Translation): readonly string[] | null {
  return DDL[sqlalchemyName(value) ?? '']?.(value, translation) ?? null
}

/** `sa.DDL` puts its text through Python's `%`: `%%` is one, and `%(name)s` comes from the context. */
function formatted(text: string, context: Value | undefined, translation: Translation): string {
  return text.replace(/%(%|\((\w+)\)s|)/g, (_, after: string, name: string | undefined) => {
    if (after === '%') return '%'
    const entry =
      context?.kind === 'dict'
        ? context.entries.find(({ key }) => key.kind === 'string' && key.text === name)
        : undefined
    if (entry?.value.kind === 'string') return entry.value.text
    return translation.problem(`the text has a % that is not understood (write %% for a plain one)`)
  })
}

/** Rows of parameters beside a statement: a dictionary, a list of them, or keywords. */
export function rowsOf(
  given: Value | undefined,
  keywords: ReadonlyMap<string, Value>,
  translation: Translation,
): readonly Row[] {
  if (given === undefined || given.kind === 'none') return [keywords]
  const rows = given.kind === 'list' ? given.items : [given]
  return rows.map((row) => {
    if (row.kind !== 'dict') {
      translation.problem(describe(row))
      return keywords
    }
    const entries = row.entries.flatMap(({ key, value }): (readonly [string, Value])[] =>
      key.kind === 'string' ? [[key.text, value]] : [[translation.problem(describe(key)), value]],
    )
    return new Map([...entries, ...keywords])
  })
}
