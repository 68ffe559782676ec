const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** A string literal taken apart: its prefix in lower case, and what stands between its quotes. */
export interface Literal {
  readonly prefix: string
  readonly body: string
  /** Where the body begins in the literal. */
  readonly offset: number
}

/** Takes a literal apart; null when its quotes do not close. */
export function literalOf(source: string): Literal | null {
  const [, prefix = '', quotes = ''] = /^([A-Za-z]*)("""|'''|"|')/.exec(source) ?? []
  const offset = prefix.length + quotes.length
  if (quotes === '' || source.length < offset + quotes.length || !source.endsWith(quotes)) return null
  return { prefix: prefix.toLowerCase(), body: source.slice(offset, -quotes.length), offset }
}

/** What a literal's body stands for; null for an escape that is not understood, such as `\N{…}`. */
export function unescape(body: string, raw: boolean): string | null {
  const text = body.replace(/\r\n?/g, '\n')
  if (raw) return text
  let understood = true
  const result = text.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[^])/g,
    (whole, escape: string) => {
      const simple = SIMPLE[escape]
      if (simple !== undefined) return simple
      if (/^[0-7]/.test(escape)) return String.fromCodePoint(parseInt(escape, 8))
      if (/^[xuU]./.test(escape)) {
        const point = parseInt(escape.slice(1), 16)
        if (point <= 0x10ffff) return String.fromCodePoint(point)
      }
      if (/^[NxuU]/.test(escape)) understood = false
      // Python keeps the backslash of an escape that it does not know.
      return whole
    },
  )
  return understood ? result : null
}
