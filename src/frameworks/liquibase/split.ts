/** A stretch of a text in UTF-16 units; `end` is exclusive. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

// Liquibase cuts by tokens of its own (liquibase/util/grammar/SimpleSqlGrammar.jj), which know nothing of dollar quotes.
const TOKEN = new RegExp(
  [
    /[\s\u0085\u180e\u200b-\u200d\u2060]+/u,
    /--[^\r\n]*/u,
    /\/\*[^]*?\*\//u,
    /(?:_utf8|rb|[uenrb])?(?:'(?:''|\\[^]|[^\\'])*(?:'|\\')|"(?:""|\\[^]|[^\\"])*(?:"|\\"))/u,
    /(?:[\p{L}$_@#][\p{L}$_@#\d]*)(?:[\r\n ]*\.[\r\n ]*(?:[\p{L}$_@#][\p{L}$_@#\d]*|"[^"\r\n]+"))*/u,
    /\d+/u,
    /[^]/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'giu',
)

/** What BEGIN and END are followed by where they are no block. */
const NO_BLOCK = /^(transaction|trans|tran)$/i
const NO_BEGIN = /^(dialog|conversation|distributed)$/i

/**
 * Where Liquibase cuts a text into what it sends (`liquibase.util.StringUtil#processMultiLineSQL`): at each delimiter that is
 * not between BEGIN and END; by default at semicolons, and at lines that are `go` or `/`. Stretches have no white space around.
 */
export function cut(text: string, delimiter: string | null): readonly Stretch[] {
  const tokens = merged(
    [...text.matchAll(TOKEN)].map(([token]) => token),
    delimiter,
  )
  const ends = endOf(delimiter)
  const pieces: Stretch[] = []
  let start = 0
  let at = 0
  let blocks = 0
  let previous: string | null = null
  const close = (end: number): void => {
    const piece = trimmed(text, start, end)
    if (piece !== null) pieces.push(piece)
  }
  tokens.forEach((token, index) => {
    if (/^begin$/i.test(token)) {
      const next = wordAfter(tokens, index)
      if (!NO_BLOCK.test(next) && !NO_BEGIN.test(next)) blocks++
    } else if (blocks > 0 && /^end$/i.test(token) && !NO_BLOCK.test(wordAfter(tokens, index))) blocks--
    if (blocks === 0 && ends(token, previous)) {
      close(at)
      start = at + token.length
    }
    previous = token
    at += token.length
  })
  close(text.length)
  return pieces
}

/** A text without what is white at either end; null where nothing else is. */
export function trimmed(text: string, start: number, end: number): Stretch | null {
  let from = start
  let to = end
  while (from < to && /\s/.test(text[from] ?? '')) from++
  while (to > from && /\s/.test(text[to - 1] ?? '')) to--
  return from < to ? { start: from, end: to } : null
}

function wordAfter(tokens: readonly string[], index: number): string {
  for (let next = index + 1; next < tokens.length; next++) {
    const token = tokens[next] ?? ''
    if (token.trim() !== '') return token
  }
  return ''
}

/** Delimiters such as `//` are several tokens. */
function merged(tokens: readonly string[], delimiter: string | null): readonly string[] {
  if (delimiter === null || delimiter.length < 2) return tokens
  const result: string[] = []
  let held: string[] = []
  for (const token of tokens) {
    const together = held.join('') + token
    if (
      held.length === 0
        ? delimiter.startsWith(token) && token !== delimiter
        : together !== delimiter && delimiter.startsWith(together)
    ) {
      held.push(token)
    } else if (together === delimiter) {
      result.push(together)
      held = []
    } else {
      result.push(...held, token)
      held = []
    }
  }
  return [...result, ...held]
}

function endOf(delimiter: string | null): (token: string, previous: string | null) => boolean {
  if (delimiter === null) {
    return (token, previous) =>
      token === ';' || ((token === '/' || /^go$/i.test(token)) && (previous === null || previous.endsWith('\n')))
  }
  const plain = delimiter.toLowerCase()
  if (delimiter === '/') return (token, previous) => token === '/' && (previous === null || previous.endsWith('\n'))
  if (delimiter.length === 1) return (token) => token.toLowerCase() === plain
  // It is a regular expression to Liquibase; one that repeats or chooses is no delimiter that anybody writes.
  const pattern = /[*+?()[\]{}|]/.test(delimiter) ? null : patternOf(plain)
  return (token, previous) =>
    token.toLowerCase() === plain || (pattern?.test(`${previous ?? ''}${token}`.toLowerCase()) ?? false)
}

function patternOf(delimiter: string): RegExp | null {
  try {
    return new RegExp(`^\\s*${delimiter}$`)
  } catch {
    return null
  }
}
