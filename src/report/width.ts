import { shorten, visible } from './untrusted.js'

/** One thing a terminal draws: what a person takes for one character, or the escape that stands for an unseen one. */
export interface Glyph {
  readonly text: string
  /** Columns that it takes: 0, 1 or 2 for a character, more for a tab or an escape. */
  readonly columns: number
  /** Where it begins and ends in the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

const TAB = 4
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The glyphs of one line of text; tabs become spaces to the next stop, unseen characters their escapes. */
export function glyphsOf(line: string): readonly Glyph[] {
  const glyphs: Glyph[] = []
  let column = 0
  const push = (text: string, columns: number, start: number, end: number): void => {
    glyphs.push({ text, columns, start, end })
    column += columns
  }
  for (const { segment, index } of segmenter.segment(line)) {
    const end = index + segment.length
    if (segment === '\t') {
      const columns = TAB - (column % TAB)
      push(' '.repeat(columns), columns, index, end)
    } else if (isEmoji(segment)) push(segment, 2, index, end)
    else {
      const shown = visible(segment)
      push(
        shown,
        [...shown].reduce((sum, character) => sum + columnsOf(character), 0),
        index,
        end,
      )
    }
  }
  return glyphs
}

/** The columns that a text without line ends takes. */
export function widthOf(text: string): number {
  return glyphsOf(text).reduce((sum, { columns }) => sum + columns, 0)
}

/** At most so many columns of a text, with an ellipsis for what is cut off. */
export function fit(text: string, most: number): string {
  const glyphs = glyphsOf(text.slice(0, most * 16))
  let used = 0
  let kept = ''
  for (const { text: shown, columns } of glyphs) {
    if (used + columns > most) return `${trimTo(glyphs, most - 1)}…`
    used += columns
    kept += shown
  }
  return kept.length === 0 || text.length <= most * 16 ? kept : `${trimTo(glyphs, most - 1)}…`
}

function trimTo(glyphs: readonly Glyph[], most: number, join = (kept: string, text: string) => kept + text): string {
  let used = 0
  let kept = ''
  for (const { text, columns } of glyphs) {
    if (used + columns > most) break
    used += columns
    kept = join(kept, text)
  }
  return kept
}

/** At most so many columns of a path: its end tells more than its beginning. */
export function fitPath(path: string, most: number): string {
  if (path.length <= most * 16 && widthOf(path) <= most) return fit(path, most)
  const glyphs = glyphsOf(path.slice(-most)).toReversed()
  return `…${trimTo(glyphs, most - 1, (kept, text) => text + kept)}`
}

/** A paragraph is not a document: beyond so many characters it is cut. */
const PARAGRAPH = 4_000

/** The text in lines of at most so many columns, broken between words; a longer word is cut. */
export function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const word of shorten(text, PARAGRAPH)
    .split(/\s+/)
    .filter((part) => part !== '')) {
    const shown = fit(word, most)
    const columns = widthOf(shown)
    if (line !== '' && used + 1 + columns > most) {
      lines.push(line)
      line = ''
      used = 0
    }
    used += columns + (line === '' ? 0 : 1)
    line = line === '' ? shown : `${line} ${shown}`
  }
  return line === '' ? lines : [...lines, line]
}

/** A cluster that terminals draw as one picture: its joiners and selectors are part of it, not hidden characters. */
function isEmoji(segment: string): boolean {
  return (
    /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)(?:[\ufe0f\p{Emoji_Modifier}]|\u200d\p{Extended_Pictographic})*$/u.test(
      segment,
    ) || /^\p{Regional_Indicator}{2}$/u.test(segment)
  )
}

/** East Asian wide and full width blocks (https://www.unicode.org/reports/tr11/). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u

function columnsOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0
  return WIDE.test(character) || /\p{Emoji_Presentation}/u.test(character) ? 2 : 1
}
