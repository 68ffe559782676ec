import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'inline-body-language-mismatch',
    code: 'F38',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The body of a function is written in another language than it says',
    why:
      'PostgreSQL parses the body when the function is created: a block of PL/pgSQL under LANGUAGE sql is a syntax error, and so ' +
      'is a query without BEGIN under LANGUAGE plpgsql. Where check_function_bodies is off the function is created, and every ' +
      'call fails. LANGUAGE sql cannot return trigger, and no DO block can be in it.',
    instead: 'Name the language in which the body is written.',
    messages: {
      plpgsql: 'The body of {{name}} is PL/pgSQL, and LANGUAGE says sql',
      sql: 'The body of {{name}} does not begin like a block of PL/pgSQL, which LANGUAGE says it is',
      trigger: 'Function {{name}} returns trigger, which functions in SQL cannot',
      block: 'A DO block cannot be in SQL',
    },
  },
  check: {
    'create-function'({ function: called, language, body, returns, span }) {
      const data = { name: show(called) }
      const message = body === null ? undefined : mismatch(language, body)
      if (message !== undefined) return { message, at: span, data }
      const isTrigger = returns?.type.name === 'trigger' && language.toLowerCase() === 'sql'
      return isTrigger ? { message: 'trigger', at: span, data } : undefined
    },
    do({ language, body, span }) {
      if (language.toLowerCase() === 'sql') return { message: 'block', at: span }
      const message = mismatch(language, body)
      return message === undefined ? undefined : { message, at: span, data: { name: 'the DO block' } }
    },
  },
})

function mismatch(language: string, body: string): 'sql' | 'plpgsql' | undefined {
  const text = withoutLeadingComments(body)
  switch (language.toLowerCase()) {
    case 'plpgsql':
      return PLPGSQL.test(text) ? undefined : 'sql'
    case 'sql':
      return NOT_SQL.test(text) ? 'plpgsql' : undefined
    default:
      return undefined
  }
}

/** How a block begins (https://www.postgresql.org/docs/current/plpgsql-structure.html); BEGIN ATOMIC is none. */
const PLPGSQL = /^(#\s*\w+\s+\w+\s*)*(<<\s*("[^"]+"|\w+)\s*>>\s*)?(declare\b|begin\b(?!\s+atomic\b))/i

/** DECLARE of a cursor is SQL, and so is BEGIN as a statement of its own. */
const NOT_SQL =
  /^(declare\b(?![^;]*\bcursor\b)|begin\b(?!\s*(;|$|(atomic|transaction|work|isolation|read|not|deferrable)\b))|<<)/i

function withoutLeadingComments(body: string): string {
  return body.replace(/^(\s+|--[^\n]*(\n|$)|\/\*[^]*?\*\/)+/, '')
}
