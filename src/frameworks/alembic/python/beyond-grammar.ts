import type { Stretch } from './syntax.js'

/** The next thing of a program: a comment, a string, a name, a number, or one character. */
const TOKEN =
  /#[^\r\n]*|"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^]|[^\\\r\n"])*"|'(?:\\[^]|[^\\\r\n'])*'|[\p{ID_Start}_]\p{ID_Continue}*|\d[\d_]*(?:\.(?:\d[\d_]*)?)?(?:[eE][+-]?\d[\d_]*)?[jJ]?|[^]/gu
/** Where it is worth to look. */
const SIGNS = /\d\.(?!\d)|\bwith\b[ \t]*\(/

/** A program that the parser's grammar has, in the place of one that it does not have. */
export interface WithinGrammar {
  readonly text: string
  /** Comments that are blanks in it. */
  readonly comments: readonly Stretch[]
}

/** An open bracket. */
interface Bracket {
  /** Places to blank, of one that holds the managers of a `with`; null of any other. */
  readonly blank: number[] | null
  readonly comments: Stretch[]
  /** Whether `as` or a comma stands directly in it. */
  isList: boolean
  /** The comma that stands last in it. */
  comma: number | null
}

/**
 * The text with what the parser's grammar does not have put as other Python, no character moved, so that each node of its tree
 * stands where the text has it: floats such as `1.`, and managers in parentheses after `with`
 * (https://docs.python.org/3/reference/compound_stmts.html#the-with-statement). null where it has none of these.
 */
export function withinGrammar(text: string): WithinGrammar | null {
  if (!SIGNS.test(text)) return null
  const put: { place: number; by: string }[] = []
  const comments: Stretch[] = []
  const open: Bracket[] = []
  let closed: Bracket | null = null
  let before = ''
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const managers = open.findLast(({ blank }) => blank !== null) ?? null
    if (token.startsWith('#')) {
      managers?.comments.push({ from: index, to: index + token.length })
      continue
    }
    if (/^\s/.test(token)) {
      if (/[\r\n]/.test(token)) managers?.blank?.push(index)
      continue
    }
    if (closed !== null && token === ':') {
      put.push(...(closed.blank ?? []).map((place) => ({ place, by: ' ' })))
      comments.push(...closed.comments)
    }
    closed = null
    const around = open.at(-1)
    if (around !== undefined) {
      if (token === 'as' || token === ',') around.isList = true
      if (!/^[)\]}]$/.test(token)) around.comma = token === ',' ? index : null
    }
    if (/^[([{]$/.test(token)) {
      const isManagers = token === '(' && before === 'with'
      open.push({ blank: isManagers ? [index] : null, comments: [], isList: false, comma: null })
    } else if (/^[)\]}]$/.test(token)) {
      const last = open.pop()
      if (last?.blank && last.isList) {
        last.blank.push(index, ...(last.comma === null ? [] : [last.comma]))
        closed = last
      }
    } else if (/^\d[\d_]*\.(?!\d)/.test(token)) put.push({ place: index + token.indexOf('.'), by: '0' })
    before = token
  }
  if (put.length === 0) return null
  for (const { from, to } of comments) for (let place = from; place < to; place++) put.push({ place, by: ' ' })
  return { text: replaced(text, put), comments }
}

function replaced(text: string, put: readonly { readonly place: number; readonly by: string }[]): string {
  const units = text.split('')
  for (const { place, by } of put) units[place] = by
  return units.join('')
}
