import { certaintyOf, type Catalog } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import type { TypeName } from '../model/operations/shared.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'type-change-needs-using',
    code: 'F6',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A type is changed to one that PostgreSQL does not convert to by itself',
    why:
      'ALTER COLUMN … TYPE converts with an assignment cast. Where there is none, as from text to a number, a date, a UUID, JSON or an ' +
      'enum, PostgreSQL refuses with or without rows and asks for USING ' +
      '(https://www.postgresql.org/docs/current/sql-altertable.html).',
    instead:
      'Say with USING how each value is converted, and look for the values that cannot be before: one of them stops the migration.',
    messages: { cast: '{{column}} of {{table}} cannot become {{to}} from {{from}} without USING: PostgreSQL refuses' },
  },
  check: {
    'set-column-type'({ table, column, type, using, span }, { catalog }) {
      const from = catalog.column(table, column)?.type
      if (using !== null || from === undefined || !isRefused(from, type, catalog)) return
      const to = type.schema === '' ? type.text : `${type.schema}.${type.text}`
      return {
        message: 'cast',
        at: span,
        data: { table: show(table), column, from: from.text, to },
        confidence: certaintyOf(catalog),
        fix: `ALTER TABLE ${quote(table)} ALTER COLUMN ${quote(column)} TYPE ${to} USING ${quote(column)}::${to};`,
      }
    },
  },
})

const STRINGS = /^(text|character varying|character|name|citext)$/
const NUMBERS = /^(smallint|integer|bigint|numeric|real|double precision)$/
const TIMES = /^(date|time|timestamp)( (with|without) time zone)?$/
/** What text becomes only when it is told to. */
const FROM_TEXT = /^(boolean|uuid|jsonb?|bytea|interval|inet|cidr|macaddr)$/
const ALONE = /^(boolean|uuid|bytea|inet|cidr|jsonb?)$/

/** Whether there is no cast that an assignment would use; false where nobody can tell. */
function isRefused(from: TypeName, to: TypeName, catalog: Catalog): boolean {
  // Everything can be written as text, also an array.
  if (from.arrays > 0 !== to.arrays > 0) {
    return (to.arrays > 0 || !STRINGS.test(to.name)) && isKnown(from, catalog) && isKnown(to, catalog)
  }
  if (from.arrays > 0) return false
  const [isFromEnum, isToEnum] = [isEnum(from, catalog), isEnum(to, catalog)]
  if (isFromEnum || isToEnum) {
    if (isFromEnum && isToEnum) return from.name !== to.name || from.schema !== to.schema
    return isToEnum ? isBuiltIn(from) : isBuiltIn(to) && !STRINGS.test(to.name)
  }
  if (STRINGS.test(from.name)) return NUMBERS.test(to.name) || TIMES.test(to.name) || FROM_TEXT.test(to.name)
  if (NUMBERS.test(from.name)) return TIMES.test(to.name) || ALONE.test(to.name)
  if (TIMES.test(from.name)) return NUMBERS.test(to.name) || ALONE.test(to.name)
  if (from.name === 'boolean' || from.name === 'uuid') {
    return from.name !== to.name && (NUMBERS.test(to.name) || TIMES.test(to.name) || ALONE.test(to.name))
  }
  return (
    /^jsonb?$/.test(from.name) && (NUMBERS.test(to.name) || TIMES.test(to.name) || /^(boolean|uuid)$/.test(to.name))
  )
}

function isEnum({ schema, name }: TypeName, catalog: Catalog): boolean {
  return catalog.enum({ schema, name }) !== undefined
}

function isBuiltIn({ schema, name }: TypeName): boolean {
  return schema === '' && [STRINGS, NUMBERS, TIMES, FROM_TEXT].some((kind) => kind.test(name))
}

function isKnown(type: TypeName, catalog: Catalog): boolean {
  return isBuiltIn(type) || isEnum(type, catalog)
}
