const LONGEST = 63

/**
 * Joins table name, column part and label as PostgreSQL's makeObjectName does: to at most 63 bytes, shortening the longer of
 * the two names first and never the label.
 */
export function objectName(first: string, second: string | null, label: string): string {
  const available = LONGEST - Buffer.byteLength(label) - 1 - (second === null ? 0 : 1)
  let firstBytes = Buffer.byteLength(first)
  let secondBytes = second === null ? 0 : Buffer.byteLength(second)
  while (firstBytes + secondBytes > available) {
    if (firstBytes > secondBytes) firstBytes--
    else secondBytes--
  }
  const parts = second === null ? [clip(first, firstBytes)] : [clip(first, firstBytes), clip(second, secondBytes)]
  return [...parts, label].join('_')
}

/** The first free name of `objectName`, numbering the label as PostgreSQL does: `key`, `key1`, `key2`. */
export function chooseName(
  first: string,
  second: string | null,
  label: string,
  taken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass++) {
    const name = objectName(first, second, pass === 0 ? label : `${label}${pass}`)
    if (!taken(name)) return name
  }
}

/** The column part of a generated index or foreign key name: names joined until the limit is reached. */
export function columnPart(columns: readonly string[]): string {
  let joined = ''
  for (const column of columns) {
    joined = joined === '' ? column : `${joined}_${column}`
    if (Buffer.byteLength(joined) > LONGEST) break
  }
  return joined
}

/** Makes the key names of one index differ from each other, as PostgreSQL names an index's own columns. */
export function distinctKeyNames(names: readonly string[]): readonly string[] {
  const distinct: string[] = []
  for (const name of names) {
    let candidate = name
    for (let i = 1; distinct.includes(candidate); i++) candidate = `${clip(name, LONGEST - String(i).length)}${i}`
    distinct.push(candidate)
  }
  return distinct
}

/** What PostgreSQL calls an expression key: the function or column it comes down to, else `expr`. */
export function expressionKeyName(text: string): string {
  const bare = unwrap(text.trim())
  const cast = /^(.*?)::\s*"?([\w ]+?)"?(?:\s*\([\d, ]*\))?$/s.exec(bare)
  if (cast?.[1] !== undefined && balanced(cast[1])) {
    const inner = expressionKeyName(cast[1])
    return inner === 'expr' ? (cast[2] ?? 'expr').trim() : inner
  }
  if (/^[a-z_][\w$]*$/i.test(bare)) return bare.toLowerCase()
  const call = /^(?:[a-z_][\w$]*\s*\.\s*)*([a-z_][\w$]*)\s*\((.*)\)$/is.exec(bare)
  return call?.[1] !== undefined && balanced(call[2] ?? '') ? call[1].toLowerCase() : 'expr'
}

function unwrap(text: string): string {
  return text.startsWith('(') && text.endsWith(')') && balanced(text.slice(1, -1))
    ? unwrap(text.slice(1, -1).trim())
    : text
}

/** Whether no parenthesis closes before it was opened, string literals aside. */
function balanced(text: string): boolean {
  let depth = 0
  for (const character of text.replace(/'(?:[^']|'')*'/g, '')) {
    if (character === '(') depth++
    else if (character === ')' && --depth < 0) return false
  }
  return depth === 0
}

/** At most so many bytes of a text, never half a character. */
function clip(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let length = 0
  let clipped = ''
  for (const character of text) {
    length += Buffer.byteLength(character)
    if (length > bytes) break
    clipped += character
  }
  return clipped
}
