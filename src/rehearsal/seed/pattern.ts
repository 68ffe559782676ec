/** Texts that a simple regular expression matches; none when it is not a simple one. */
export function samples(pattern: string): readonly string[] {
  const made = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => sample(pattern, at))
  return made.flatMap((text) => (text === null ? [] : [text]))
}

/** The longest repetition that is written out. */
const MOST = 200

/** The sample of a number; `at` chooses among alternatives and characters. */
function sample(pattern: string, at: number): string | null {
  let i = 0
  let spent = 0

  const alternatives = (): string | null => {
    const branches: string[] = []
    do {
      const branch = sequence()
      if (branch === null) return null
      branches.push(branch)
    } while (pattern[i] === '|' && i++ >= 0)
    return branches[at % branches.length] ?? ''
  }

  const sequence = (): string | null => {
    let text = ''
    while (i < pattern.length && pattern[i] !== '|' && pattern[i] !== ')') {
      const piece = atom()
      if (piece === null) return null
      const times = repetition()
      for (let n = 0; n < times; n++) {
        if (++spent > MOST * 10) return null
        text += piece(at + n)
      }
    }
    return text
  }

  const repetition = (): number => {
    const mark = pattern[i] ?? ''
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(i))
    let times = 1
    if (braces !== null) {
      i += braces[0].length
      const least = Number(braces[1])
      times =
        braces[2] === undefined ? least : Math.max(least, Math.min(Number(braces[3] || least + 2), least + (at % 3)))
    } else if (mark === '?' || mark === '*' || mark === '+') {
      i++
      times = mark === '+' ? 1 + (at % 3) : at % 2
    } else return 1
    if (pattern[i] === '?') i++
    return Math.min(times, MOST)
  }

  const atom = (): ((at: number) => string) | null => {
    const character = pattern[i++] ?? ''
    if (character === '^' || character === '$') return () => ''
    if (character === '.') return (n) => pick('abcxyz', n)
    if (character === '[') return bracket()
    if (character === '(') {
      if (pattern.startsWith('?:', i)) i += 2
      else if (pattern[i] === '?') return null
      const inner = alternatives()
      if (inner === null || pattern[i++] !== ')') return null
      return () => inner
    }
    if (character === '\\') {
      const escaped = pattern[i++] ?? ''
      if (escaped === 'm' || escaped === 'M' || escaped === 'y' || escaped === 'A' || escaped === 'Z') return () => ''
      const known = CLASSES[escaped]
      if (known !== undefined) return (n) => pick(known, n)
      return /\w/.test(escaped) ? null : () => escaped
    }
    return () => character
  }

  const bracket = (): ((at: number) => string) | null => {
    const negated = pattern[i] === '^'
    if (negated) i++
    let set = ''
    for (let first = true; first || pattern[i] !== ']'; first = false) {
      if (i >= pattern.length) return null
      const named = /^\[:(\w+):\]/.exec(pattern.slice(i))
      if (named !== null) {
        set += NAMED[named[1] ?? ''] ?? ''
        i += named[0].length
        continue
      }
      let character = pattern[i++] ?? ''
      if (character === '\\') {
        const known = CLASSES[pattern[i] ?? '']
        character = pattern[i++] ?? ''
        if (known !== undefined) {
          set += known
          continue
        }
      }
      if (pattern[i] === '-' && pattern[i + 1] !== ']' && i + 1 < pattern.length) {
        set += between(character, pattern[i + 1] ?? character)
        i += 2
      } else set += character
    }
    i++
    const allowed = negated ? [...'abcXYZ019 -_.'].filter((each) => !set.includes(each)).join('') : set
    return allowed === '' ? null : (n) => pick(allowed, n)
  }

  const text = alternatives()
  return i === pattern.length ? text : null
}

const between = (from: string, to: string): string =>
  Array.from({ length: Math.max(0, Math.min(100, to.charCodeAt(0) - from.charCodeAt(0) + 1)) }, (_, n) =>
    String.fromCharCode(from.charCodeAt(0) + n),
  ).join('')
const pick = (set: string, at: number): string => set[at % set.length] ?? ''
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const CLASSES: Readonly<Record<string, string>> = {
  d: DIGITS,
  w: `${LETTERS}${DIGITS}_`,
  s: ' ',
  S: LETTERS,
  D: LETTERS,
  W: '-',
}
const NAMED: Readonly<Record<string, string>> = {
  alpha: LETTERS,
  lower: LETTERS,
  upper: LETTERS.toUpperCase(),
  digit: DIGITS,
  alnum: `${LETTERS}${DIGITS}`,
  xdigit: `${DIGITS}abcdef`,
  space: ' ',
  punct: '-.',
}
