/** Characters that steer a terminal, reorder text or do not show: controls, formats (bidi, zero width), separators, half pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
const UNSEEN_BUT_LAYOUT = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The text on one line, with every character that does not show written as its escape, such as `\u202e`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escaped)
}

/** The same for a block of text, which keeps its line feeds and tabs; CRLF counts as a line feed. */
export function visibleBlock(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSEEN_BUT_LAYOUT, escaped)
}

/** The text with runs of white space as one space, for a statement that is quoted in a line. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}

/** At most `most` characters; what is cut off leaves an ellipsis. Never cuts a character in two. */
export function shorten(text: string, most: number): string {
  // A code point is at most two units, so the tail of a long text need not be looked at.
  const points = [...text.slice(0, 2 * most + 2)]
  return points.length <= most
    ? text
    : `${points
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** At most so many lines of a block, each at most 200 characters; says how many lines are left out. */
export function shortenBlock(text: string, most: number): string {
  const lines = text.trimEnd().split('\n')
  const kept = lines.slice(0, most).map((line) => shorten(line, 200))
  return lines.length > most ? [...kept, `-- … ${lines.length - most} more lines`].join('\n') : kept.join('\n')
}

/** JSON whose strings show nothing unseen; it parses to the same value. */
export function asJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, unitEscapes)
  // What is written in place of a runner's command is an escape that JSON knows too.
  return `${withoutRunnerCommands(json)}\n`
}

/**
 * Output in which no line is an order to a workflow runner. The runner obeys `::name …::` at the start of a line and `##[name]`
 * anywhere (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function withoutRunnerCommands(output: string): string {
  return output
    .replace(/^((?:\s|\u001b\[[\d;]*m)*)::(?=[\w-]+(?: [^\n]*?)?::)/gm, '$1\\u003a:')
    .replace(/##(?=(?:\u001b\[[\d;]*m)*\[)/g, '#\\u0023')
}

function escaped(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const point = character.codePointAt(0) ?? 0
  const hex = point.toString(16)
  return point > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
}

function unitEscapes(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
