import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'custom-sql-or-regex-rule',
    code: 'L20',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A statement matches a pattern that this team does not want',
    why:
      'Every shop has rules of its own, such as a table that only one team may change. The policy says them as patterns: a ' +
      'statement as it is written, in any case, with any blanks, where a star stands for any text.',
    instead: 'Ask those who wrote the pattern into the policy.',
    messages: { matches: 'This statement is one that the policy does not want: {{pattern}}' },
  },
  defaults: {
    /** Such as `alter table ledger *`, or `* cascade`. */
    patterns: [] as readonly string[],
  },
  check: {
    script(script, { options }) {
      if (script.kind !== 'script' || options.patterns.length === 0) return
      const patterns = options.patterns.map((pattern) => ({ pattern, parts: even(pattern).split('*') }))
      return script.statements.flatMap(({ sql, span }) => {
        const text = even(sql)
        const found = patterns.find(({ parts }) => fits(text, parts))
        return found === undefined ? [] : [{ message: 'matches', at: span, data: { pattern: found.pattern } } as const]
      })
    },
  },
})

function even(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase()
}

/** Whether a text is these parts in order with anything between; each is looked for once, so that no pattern takes long. */
function fits(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  const end = text.length - last.length
  let from = first.length
  for (const part of rest) {
    const at = text.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
