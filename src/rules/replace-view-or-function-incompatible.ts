import { certaintyOf, bareType, takesSame, type CatalogFunction } from '../model/catalog.js'
import { show } from '../model/names.js'
import type { CreateFunction, FunctionParameter } from '../model/operations/object.js'
import { rule } from './rule.js'

type Key = 'fewer' | 'renamed' | 'kind' | 'parameter' | 'default' | 'returns' | 'outputs'
type Data = Readonly<Record<string, string>>

export default rule({
  meta: {
    id: 'replace-view-or-function-incompatible',
    code: 'F27',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'CREATE OR REPLACE cannot make this of the view or function that is there',
    why:
      'A view keeps its columns with their names, types and order, and may only get more at the end. A function keeps what it ' +
      'returns, the names of its parameters and their defaults. PostgreSQL refuses anything else, because what depends on them ' +
      'would break (https://www.postgresql.org/docs/current/sql-createview.html, ' +
      'https://www.postgresql.org/docs/current/sql-createfunction.html).',
    instead:
      'DROP it and CREATE it anew in the same transaction, with what depends on it; grants and comments go with it and must be ' +
      'given again. A view’s column is renamed with ALTER VIEW … RENAME COLUMN.',
    messages: {
      fewer: 'View {{name}} cannot lose its column {{old}} by CREATE OR REPLACE',
      renamed:
        'CREATE OR REPLACE of view {{name}} puts {{now}} where column {{old}} is, which PostgreSQL takes for a renaming',
      kind: '{{name}} is a {{old}}, and CREATE OR REPLACE cannot make a {{now}} of it',
      parameter: 'CREATE OR REPLACE cannot rename parameter {{old}} of {{name}} to {{now}}',
      default: 'CREATE OR REPLACE cannot take defaults away from parameters of {{name}}',
      returns: 'CREATE OR REPLACE cannot make {{name}} return {{now}}: it returns {{old}}',
      outputs:
        'CREATE OR REPLACE cannot change what the rows of {{name}} are made of: they are ({{old}}), not ({{now}})',
    },
  },
  check: {
    'create-view'({ view, replace, materialized, columns, span }, { catalog }) {
      const known = replace && !materialized ? catalog.view(view) : undefined
      if (known === undefined || known.materialized || known.columns === null || columns === null) return
      const at = known.columns.findIndex((name, i) => columns[i] !== name)
      if (at < 0) return
      const old = known.columns[at] ?? ''
      // Where a name is only left out, all that follow it move up; the one that is gone is what a person wants to read.
      const gone = known.columns.find((name) => !columns.includes(name))
      const now = columns[at]
      const place = { at: span, confidence: certaintyOf(catalog) }
      if (now === undefined || (gone === old && columns.length < known.columns.length)) {
        return { message: 'fewer', ...place, data: { name: show(view), old } }
      }
      return { message: 'renamed', ...place, data: { name: show(view), old, now } }
    },
    'create-function'(operation, { catalog }) {
      const { function: name, replace, span } = operation
      if (!replace) return
      const known = catalog.functions(name).find((each) => takesSame(each, operation))
      const flaw = known === undefined ? null : flawOf(known, operation)
      if (flaw === null) return
      const data = { name: show(name), ...flaw.data }
      return { message: flaw.message, at: span, data, confidence: certaintyOf(catalog) }
    },
  },
})

/** What PostgreSQL complains of first, in the order of its own checks. */
function flawOf(known: CatalogFunction, now: CreateFunction): { readonly message: Key; readonly data: Data } | null {
  if (known.procedure !== now.procedure) return { message: 'kind', data: { old: kindOf(known), now: kindOf(now) } }
  const returns = { old: returnOf(known), now: returnOf(now) }
  if (returns.old !== returns.now) return { message: 'returns', data: returns }
  const rows = { old: outputs(known.parameters), now: outputs(now.parameters) }
  if (rows.old !== rows.now) return { message: 'outputs', data: rows }
  const [before, after] = [known.parameters.filter(isInput), now.parameters.filter(isInput)]
  const renamed = before.findIndex(({ name }, i) => name !== '' && after[i]?.name !== name)
  if (renamed >= 0) {
    const to = after[renamed]?.name ?? ''
    return { message: 'parameter', data: { old: before[renamed]?.name ?? '', now: to === '' ? 'nothing' : to } }
  }
  const defaults = (of: readonly FunctionParameter[]): number => of.filter((each) => each.default).length
  return defaults(before) > defaults(after) ? { message: 'default', data: {} } : null
}

function kindOf({ procedure }: Pick<CatalogFunction, 'procedure'>): string {
  return procedure ? 'procedure' : 'function'
}

function isInput({ mode }: FunctionParameter): boolean {
  return mode !== 'out' && mode !== 'table'
}

function isOutput({ mode }: FunctionParameter): boolean {
  return mode === 'out' || mode === 'inout' || mode === 'table'
}

/** In PostgreSQL's words: one OUT parameter is what is returned, several make a record. */
function returnOf({
  parameters,
  returns,
  procedure,
}: Pick<CatalogFunction, 'parameters' | 'returns' | 'procedure'>): string {
  const out = parameters.filter(isOutput)
  const set = returns?.set === true || out.some(({ mode }) => mode === 'table')
  const [only] = out
  const type =
    out.length === 0 || only === undefined
      ? returns === null
        ? 'nothing'
        : bareType(returns.type)
      : out.length === 1 && !procedure
        ? bareType(only.type)
        : 'record'
  return set ? `SETOF ${type}` : type
}

/** With one OUT parameter of a function there is no row, and its name is free. */
function outputs(parameters: readonly FunctionParameter[]): string {
  const out = parameters.filter(isOutput)
  return out.length < 2 ? '' : out.map(({ name, type }) => `${name} ${bareType(type)}`).join(', ')
}
