import type { FunctionBody, FunctionText } from '../../model/function-body.js'
import { guard } from '../guard.js'
import { parsePlpgsql } from '../parse.js'
import { ASSIGNMENT, expressionsOf, STATEMENT } from './plpgsql.js'
import { walk } from './tree.js'

/**
 * Reads a function in PL/pgSQL for its variables and the SQL in it; null when the parser does not take it.
 * Where a name stands for several things, nothing that it is in is kept.
 */
export function functionBody({ definition, source }: FunctionText): FunctionBody | null {
  const safe = [definition, source].every((text) => guard(text).kind === 'safe')
  const outcome = safe ? parsePlpgsql(definition) : null
  if (outcome?.kind !== 'parsed') return null
  const types = new Map<string, { readonly types: Set<string>; readonly parameter: boolean }>()
  const doubtful = new Set<string>()
  const found: string[] = []
  let [changing, forgiving] = [false, false]
  walk(outcome.tree, (name: string, fields) => {
    if (name === 'PLpgSQL_var' || name === 'PLpgSQL_rec') {
      const { refname = '', lineno, datatype } = fields as Variable
      const known = types.get(refname) ?? { types: new Set<string>(), parameter: lineno === undefined }
      known.types.add(`${lineno} ${datatype?.PLpgSQL_type.typname ?? 'record'}`)
      types.set(refname, known)
    }
    if (name === 'PLpgSQL_alias') doubtful.add((fields as { readonly name: string }).name)
    if (name === 'PLpgSQL_exception_block') forgiving = true
    if (/^PLpgSQL_stmt_dyn/.test(name)) changing = true
    for (const [field, { query, parseMode }] of expressionsOf(fields)) {
      if (field === 'dynquery') changing = true
      if (parseMode !== STATEMENT) found.push(...values(query, parseMode))
      else if (PLANNED.test(query)) found.push(query)
      else changing = true
    }
  })
  for (const [name, each] of types) if (each.types.size > 1 || name.startsWith(GENERATED)) doubtful.add(name)
  return {
    variables: [...types].flatMap(
      ([
        name,
        {
          types: [said = ''],
          parameter,
        },
      ]) => (doubtful.has(name) ? [] : [{ name, type: said.slice(said.indexOf(' ') + 1), parameter }]),
    ),
    pieces: found.filter((piece) => !wordsOf(piece).some((word) => doubtful.has(word))),
    changing,
    forgiving,
  }
}

interface Variable {
  readonly refname?: string
  readonly lineno?: number
  readonly datatype?: { readonly PLpgSQL_type: { readonly typname: string } }
}

function wordsOf(sql: string): readonly string[] {
  return (
    sql
      .match(/"[^"]*"|[\w$\u0080-\uffff]+/g)
      ?.map((word) => (word.startsWith('"') ? word.slice(1, -1) : word.toLowerCase())) ?? []
  )
}

/** What EXPLAIN takes and that creates nothing. */
const PLANNED = /^\s*\(*\s*(?:select|insert|update|delete|merge|with|values|table)\b/i
/** A variable that the parser itself declares for CASE, of a type that is known only when it runs. */
const GENERATED = '__Case__Variable_'

/** An expression, or both sides of an assignment. */
function values(query: string, parseMode: number): readonly string[] {
  if (parseMode < ASSIGNMENT) return [`SELECT ${query}`]
  const [, target = '', value = ''] = /^([^=]*?):?=([^]*)$/.exec(query) ?? []
  return /[.[]/.test(target) ? [`SELECT ${target}`, `SELECT ${value}`] : [`SELECT ${value}`]
}
