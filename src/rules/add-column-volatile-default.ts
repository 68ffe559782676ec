import { sureOf, type Catalog } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-column-volatile-default',
    code: 'C36',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A column is added with a default that differs from row to row, so the table is rewritten',
    why:
      'A constant default, and one such as now(), is stored once and costs nothing. A volatile one, random(), gen_random_uuid(), ' +
      'nextval() or a function that is not declared STABLE, has to be worked out for each row: the table and all its indexes are ' +
      'written anew under ACCESS EXCLUSIVE.',
    instead: 'Add the column without a default, set the default for new rows, and fill the old rows in batches.',
    messages: {
      volatile: 'Adding {{column}} with default {{default}} rewrites {{table}} while every query on it waits',
      unknown:
        'Adding {{column}} rewrites {{table}} while every query waits, unless {{default}} is declared STABLE or IMMUTABLE',
    },
  },
  check: {
    'add-column'({ table, column, span }, { catalog, effect }) {
      const value = column.default
      if (value === null || column.type.serial || effect.rewrites.length === 0) return
      if (value.volatility === 'immutable' || value.volatility === 'stable') return
      const volatile = value.volatility === 'volatile' || callsVolatile(value.text, catalog)
      const target = `ALTER TABLE ${quote(table)}`
      return {
        message: volatile ? 'volatile' : 'unknown',
        at: span,
        data: { column: column.name, table: show(table), default: value.text },
        confidence: volatile ? sureOf(catalog, table) : 'likely',
        fix: [
          `${target} ADD COLUMN ${quote(column.name)} ${column.type.text};`,
          `${target} ALTER COLUMN ${quote(column.name)} SET DEFAULT ${value.text};`,
          '-- then, in batches outside this migration, where it is NULL:',
          `-- UPDATE ${quote(table)} SET ${quote(column.name)} = ${value.text}`,
        ].join('\n'),
      }
    },
  },
})

/** Whether an expression calls a function that this history created without saying that it is STABLE or IMMUTABLE. */
function callsVolatile(text: string, catalog: Catalog): boolean {
  return [...text.matchAll(/(\w+)\s*\(/g)].some(
    ([, name = '']) => catalog.volatilityOf(name.toLowerCase()) === 'volatile',
  )
}
