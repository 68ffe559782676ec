/** What follows the name of a command: words in order, and words with a name, as in `reason="…"`. */
export interface Arguments {
  readonly words: readonly string[]
  readonly named: ReadonlyMap<string, string>
}

/** Quotes, also those that a telephone makes of them. */
const CLOSING: Readonly<Record<string, readonly string[]>> = { '"': ['"'], '“': ['”', '“', '"'], '„': ['“', '”', '"'] }

/**
 * The words of a line. A word in double quotes may hold spaces; `\"` stands for a quote in it. Anything that could be meant in
 * two ways is a problem, told in a sentence.
 */
export function argumentsOf(line: string): Arguments | { readonly problem: string } {
  const words: string[] = []
  const named = new Map<string, string>()
  let at = 0
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t') at++
    if (at >= line.length) return { words, named }
    const name = /^([A-Za-z][A-Za-z-]*)=/.exec(line.slice(at, at + 40))?.[1]
    if (name !== undefined) at += name.length + 1
    const word = wordAt(line, at)
    if (word === null) return { problem: 'a quotation mark is never closed' }
    at = word.end
    const after = line[at]
    if (after !== undefined && after !== ' ' && after !== '\t')
      return { problem: 'a space is missing after a quotation' }
    if (name === undefined) words.push(word.text)
    else if (named.has(name.toLowerCase())) return { problem: `${name.toLowerCase()} is given twice` }
    else named.set(name.toLowerCase(), word.text)
  }
}

/** The word that begins at a place, and where it ends; null when its quotation does not. */
function wordAt(line: string, start: number): { readonly text: string; readonly end: number } | null {
  const closing = CLOSING[line[start] ?? '']
  if (closing === undefined) {
    let end = start
    while (end < line.length && line[end] !== ' ' && line[end] !== '\t') end++
    return { text: line.slice(start, end), end }
  }
  let text = ''
  for (let at = start + 1; at < line.length; at++) {
    const character = line[at] ?? ''
    if (character === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\')) text += line[++at]
    else if (closing.includes(character)) return { text, end: at + 1 }
    else text += character
  }
  return null
}
