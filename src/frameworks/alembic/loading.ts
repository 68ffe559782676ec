import { childrenOf, type PythonFile, type Stretch, type SyntaxNode } from './python/syntax.js'

/** Why Python 3 would not load a file, and where. */
export interface LoadingFault {
  readonly reason: string
  readonly at: Stretch
}

/** Encodings in which plain ASCII text is the same text. */
const LIKE_ASCII = /^(us-)?ascii$|^(iso-?)?8859-\d+$|^latin-?\d+$|^l1$|^(cp|windows-?)125\d$|^koi8-[ru]$|^mac-?roman$/
const UTF_8 = /^(utf-?8|u8|utf|cp65001|utf-8-sig)$/

/**
 * The text with what Python passes over out of the parser's way, no character moved: a byte order mark, and form feeds on
 * lines without code (https://docs.python.org/3/reference/lexical_analysis.html#indentation).
 */
export function asPython(text: string): string {
  if (!/^\ufeff|\f/.test(text)) return text
  return text
    .replace(/^\ufeff/, '\f')
    .replace(/^[ \t\f]*\f[ \t\f]*(?=#|\r?\n|\r|$)/gm, (blank) => ' '.repeat(blank.length))
}

/**
 * Finds what the parser lets pass and Python 3 refuses or reads otherwise: a declared encoding that is not the one in which
 * the file was read (https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations), statements of
 * Python 2, and indentation that hangs on how wide a tab is.
 */
export function loadingFault(text: string, { root, text: parsed }: PythonFile): LoadingFault | null {
  return encodingFault(text) ?? syntaxFault(root, parsed) ?? indentationFault(root, parsed)
}

function encodingFault(text: string): LoadingFault | null {
  const marked = text.startsWith('\ufeff')
  let from = marked ? 1 : 0
  for (let number = 1; number <= 2; number++) {
    const [line = ''] = /^[^\r\n]*/.exec(text.slice(from)) ?? []
    const [, name] = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(line) ?? []
    const at = { from, to: from + line.length }
    if (name !== undefined) {
      const encoding = name.toLowerCase().replaceAll('_', '-')
      if (UTF_8.test(encoding)) return null
      if (marked) return { reason: `the file begins with the mark of UTF-8 and declares the encoding ${name}`, at }
      return LIKE_ASCII.test(encoding) && /^[\x00-\x7f]*$/.test(text)
        ? null
        : { reason: `the file declares the encoding ${name}, in which it may be another text`, at }
    }
    // The second line counts only after a first that says nothing.
    if (!/^[ \t\f]*(#|$)/.test(line)) return null
    from += line.length + (text.startsWith('\r\n', from + line.length) ? 2 : 1)
  }
  return null
}

function syntaxFault(root: SyntaxNode, text: string): LoadingFault | null {
  let fault: LoadingFault | null = null
  const python2 = ({ from, to }: Stretch, what: string): void => {
    fault ??= { reason: `${what} is Python 2`, at: { from, to } }
  }
  root.cursor().iterate((node) => {
    if (fault !== null) return false
    if (node.name === 'PrintStatement') python2(node, 'print without parentheses')
    else if (node.name === 'RaiseStatement' && has(node.node, ',')) python2(node, 'raise with a comma')
    else if (node.name === 'TryStatement') {
      const comma = childrenOf(node.node).find(({ name }) => name === ',')
      if (comma !== undefined) python2(comma, 'except with a comma')
    } else if (node.name === 'Number' && /^0\d*[1-9]\d*$/.test(text.slice(node.from, node.to))) {
      python2(node, 'a number that begins with 0')
    } else if (node.name === 'CompareOp' && text.slice(node.from, node.to) === '<>') python2(node, '<>')
    return true
  })
  return fault
}

function has(node: SyntaxNode, child: string): boolean {
  return childrenOf(node).some(({ name }) => name === child)
}

/** The width of an indentation with tabs that reach to the next multiple of 8, and with tabs of one column. */
interface Width {
  readonly wide: number
  readonly narrow: number
}

function indentationFault(root: SyntaxNode, text: string): LoadingFault | null {
  if (!/^[ \f]*\t/m.test(text)) return null
  let fault: LoadingFault | null = null
  const widthAt = (from: number): Width | null => {
    const start = Math.max(text.lastIndexOf('\n', from - 1), text.lastIndexOf('\r', from - 1)) + 1
    const before = text.slice(start, from)
    return /^[ \t\f]*$/.test(before) ? widthOf(before) : null
  }
  const check = (block: SyntaxNode): void => {
    const outer = block.name === 'Body' ? widthAt(block.parent?.from ?? 0) : null
    let width: Width | null = null
    for (const { name, from } of childrenOf(block)) {
      const here = name === ':' ? null : widthAt(from)
      if (here === null) continue
      const deeper = outer === null || (here.wide > outer.wide && here.narrow > outer.narrow)
      const level = width === null || (here.wide === width.wide && here.narrow === width.narrow)
      width ??= here
      if (deeper && level) continue
      fault ??= { reason: 'what is inside what hangs on the width of a tab', at: { from, to: from } }
    }
  }
  check(root)
  root.cursor().iterate((node) => {
    if (node.name === 'Body') check(node.node)
    return fault === null
  })
  return fault
}

function widthOf(indentation: string): Width {
  let wide = 0
  let narrow = 0
  for (const character of indentation) {
    if (character === '\f') wide = narrow = 0
    else {
      wide = character === '\t' ? (Math.floor(wide / 8) + 1) * 8 : wide + 1
      narrow++
    }
  }
  return { wide, narrow }
}
