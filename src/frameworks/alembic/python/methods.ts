import { braces, padded, textsOf } from './format.js'
import { contains, equal, itemOf, limited, LONGEST, tooLong } from './operators.js'
import {
  boolean,
  describe,
  integer,
  NONE,
  string,
  unknown,
  type Arguments,
  type Entry,
  type Value,
  type ValueOf,
} from './value.js'

/** What a method of a plain value gives: https://docs.python.org/3/library/stdtypes.html. */
export function plainMethod(receiver: Value, name: string, given: Arguments): Value {
  const notFollowed = unknown('unsupported call', `the method ${name} of ${kindOf(receiver)} is not followed`)
  switch (receiver.kind) {
    case 'string':
      return textMethod(receiver.text, name, given) ?? notFollowed
    case 'list':
      return (
        (receiver.form === 'set' ? setMethod(receiver, name, given) : listMethod(receiver, name, given)) ?? notFollowed
      )
    case 'dict':
      return dictMethod(receiver, name, given) ?? notFollowed
    default:
      return notFollowed
  }
}

function kindOf(value: Value): string {
  return value.kind === 'string' ? 'a text' : value.kind === 'list' ? `a ${value.form ?? 'list'}` : `a ${value.kind}`
}

function textMethod(text: string, name: string, { positional, keywords }: Arguments): Value | null {
  const [first, second] = positional
  const texts = positional.map((value) => (value.kind === 'string' ? value.text : null))
  const simple = positional.length === 0 && keywords.size === 0 ? PLAIN.get(name) : undefined
  if (simple !== undefined) return string(simple(text))
  if (name === 'format') return filled(braces(text, positional, keywords), [...positional, ...keywords.values()])
  if (keywords.size > 0) return null
  const [a, b] = texts
  switch (name) {
    case 'join': {
      if (first?.kind !== 'list') return first?.kind === 'unknown' ? first : null
      const parts = textsOf(first)
      if (parts === null) return filled(null, first.items)
      return parts.reduce((sum, part) => sum + part.length + text.length, 0) > LONGEST
        ? tooLong()
        : string(parts.join(text))
    }
    case 'split':
    case 'rsplit':
      if (second !== undefined || a === null) return null
      return list(
        (a === undefined ? text.trim().split(/\s+/) : text.split(a)).filter((part) => a !== undefined || part !== ''),
      )
    case 'splitlines':
      return list(text.replace(/\n$/, '').split('\n'))
    case 'partition':
    case 'rpartition': {
      if (typeof a !== 'string') return null
      const at = name === 'partition' ? text.indexOf(a) : text.lastIndexOf(a)
      const parts =
        at >= 0
          ? [text.slice(0, at), a, text.slice(at + a.length)]
          : name === 'partition'
            ? [text, '', '']
            : ['', '', text]
      return { kind: 'list', form: 'tuple', items: parts.map(string) }
    }
    case 'replace':
      return typeof a === 'string' && typeof b === 'string' && positional.length === 2
        ? limited(text.replaceAll(a, b))
        : null
    case 'startswith':
    case 'endswith': {
      const all = first?.kind === 'list' ? textsOf(first) : typeof a === 'string' ? [a] : null
      if (all === null || second !== undefined) return null
      return boolean(all.some((part) => (name === 'startswith' ? text.startsWith(part) : text.endsWith(part))))
    }
    case 'removeprefix':
      return typeof a === 'string' ? string(text.startsWith(a) ? text.slice(a.length) : text) : null
    case 'removesuffix':
      return typeof a === 'string' ? string(a !== '' && text.endsWith(a) ? text.slice(0, -a.length) : text) : null
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      return typeof a === 'string' ? string(stripped(text, a, name)) : null
    case 'count':
      return typeof a === 'string' && a !== '' ? integer(text.split(a).length - 1) : null
    case 'find':
    case 'index':
      return typeof a === 'string' && second === undefined && (name === 'find' || text.includes(a))
        ? integer(text.indexOf(a))
        : null
    case 'zfill':
      return first?.kind === 'number' ? string(padded(text, Math.min(Number(first.text), 1000), '>', '0')) : null
    case 'ljust':
    case 'rjust':
      return first?.kind === 'number'
        ? string(padded(text, Math.min(Number(first.text), 1000), name === 'ljust' ? '<' : '>', b ?? ' '))
        : null
    default:
      return null
  }
}

const PLAIN: ReadonlyMap<string, (text: string) => string> = new Map(
  Object.entries<(text: string) => string>({
    upper: (text) => text.toUpperCase(),
    lower: (text) => text.toLowerCase(),
    casefold: (text) => text.toLowerCase(),
    strip: (text) => text.trim(),
    lstrip: (text) => text.trimStart(),
    rstrip: (text) => text.trimEnd(),
    title: (text) => text.toLowerCase().replace(/[a-z]+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
    capitalize: (text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
    // Of a point in time, which stands for itself as text.
    isoformat: (text) => text.replace(' ', 'T'),
    swapcase: (text) =>
      text.replace(/[a-zA-Z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase())),
  }),
)

function stripped(text: string, characters: string, name: string): string {
  let [start, end] = [0, text.length]
  while (name !== 'rstrip' && start < end && characters.includes(text.charAt(start))) start++
  while (name !== 'lstrip' && end > start && characters.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** A text that was put together; where that failed, because of which part. */
export function filled(text: string | null, parts: readonly Value[]): Value {
  if (text !== null) return limited(text)
  const part =
    parts.find(({ kind }) => kind === 'unknown') ?? parts.find(({ kind }) => kind !== 'string' && kind !== 'number')
  if (part?.kind === 'unknown') return { ...part, composed: part.composed ?? part }
  if (part === undefined) return unknown('unsupported call', 'a text is put together')
  return { ...unknown('unsupported call', `a text depends on what is not known: ${describe(part)}`), composed: part }
}

function list(texts: readonly string[]): Value {
  return { kind: 'list', items: texts.map(string) }
}

/** The items of a list that may be changed in place, as Python's lists are. */
function changed({ items }: ValueOf<'list'>): Value[] {
  return items as Value[]
}

function listMethod(
  receiver: ValueOf<'list'>,
  name: string,
  { positional: [first, second], keywords }: Arguments,
): Value | null {
  const items = changed(receiver)
  if (keywords.size > 0) return null
  switch (name) {
    case 'append':
      if (first === undefined || items.length >= LONGEST) return null
      items.push(first)
      return NONE
    case 'extend':
      return first === undefined ? null : extend(items, first)
    case 'insert':
      if (first?.kind !== 'number' || second === undefined) return null
      items.splice(Number(first.text), 0, second)
      return NONE
    case 'pop': {
      const at = first === undefined ? items.length - 1 : first.kind === 'number' ? Number(first.text) : NaN
      return items.splice(at, 1)[0] ?? null
    }
    case 'remove': {
      const at = items.findIndex((item) => first !== undefined && equal(item, first) === true)
      if (at < 0) return null
      items.splice(at, 1)
      return NONE
    }
    case 'reverse':
      items.reverse()
      return NONE
    case 'clear':
      items.length = 0
      return NONE
    case 'copy':
      return { ...receiver, items: [...items] }
    case 'index': {
      const at = items.findIndex((item) => first !== undefined && equal(item, first) === true)
      return at < 0 ? null : integer(at)
    }
    case 'count': {
      const answers = items.map((item) => (first === undefined ? null : equal(item, first)))
      return answers.includes(null) ? null : integer(answers.filter(Boolean).length)
    }
    case 'sort': {
      const sorted = inOrder(items)
      if (sorted === null) return null
      items.splice(0, items.length, ...sorted)
      return NONE
    }
    default:
      return null
  }
}

function extend(items: Value[], by: Value): Value | null {
  const more = by.kind === 'list' ? by.items : by.kind === 'dict' ? by.entries.map(({ key }) => key) : null
  if (more === null || items.length + more.length > LONGEST) return by.kind === 'unknown' ? by : null
  items.push(...more)
  return NONE
}

/** Texts or numbers in order; null for what has no order that is known. */
export function inOrder(items: readonly Value[]): readonly Value[] | null {
  if (items.every(({ kind }) => kind === 'string')) {
    const texts = textsOf({ kind: 'list', items }) ?? []
    return [...texts].sort((a, b) => (a < b ? -1 : 1)).map(string)
  }
  const numbers = items.map((item) => (item.kind === 'number' ? { item, size: Number(item.text) } : null))
  if (numbers.includes(null)) return null
  return numbers
    .filter((entry) => entry !== null)
    .sort((a, b) => a.size - b.size)
    .map(({ item }) => item)
}

function setMethod(receiver: ValueOf<'list'>, name: string, { positional: [first] }: Arguments): Value | null {
  const items = changed(receiver)
  if (first === undefined) return null
  switch (name) {
    case 'add':
      if (contains(receiver, first) === null) return null
      if (contains(receiver, first) === false) items.push(first)
      return NONE
    case 'discard':
    case 'remove': {
      const at = items.findIndex((item) => equal(item, first) === true)
      if (at >= 0) items.splice(at, 1)
      return NONE
    }
    case 'update': {
      if (first.kind !== 'list') return null
      items.push(...first.items.filter((item) => contains(receiver, item) !== true))
      return NONE
    }
    default:
      return null
  }
}

function dictMethod(
  receiver: ValueOf<'dict'>,
  name: string,
  { positional: [first, second], keywords }: Arguments,
): Value | null {
  const { entries } = receiver
  switch (name) {
    case 'items':
      return {
        kind: 'list',
        items: entries.map(({ key, value }) => ({ kind: 'list', form: 'tuple', items: [key, value] })),
      }
    case 'keys':
      return { kind: 'list', items: entries.map(({ key }) => key) }
    case 'values':
      return { kind: 'list', items: entries.map(({ value }) => value) }
    case 'get': {
      const found = first === undefined ? null : itemOf(receiver, first)
      return found === undefined ? (second ?? NONE) : found
    }
    case 'pop': {
      const found = first === undefined ? null : itemOf(receiver, first)
      if (found === null || first === undefined) return null
      if (found !== undefined) remove(receiver, first)
      return found ?? second ?? null
    }
    case 'setdefault': {
      if (first === undefined) return null
      const found = itemOf(receiver, first)
      if (found !== undefined) return found
      setItem(receiver, first, second ?? NONE)
      return second ?? NONE
    }
    case 'update': {
      if (first !== undefined && first.kind !== 'dict') return null
      for (const { key, value } of first?.entries ?? []) setItem(receiver, key, value)
      for (const [key, value] of keywords) setItem(receiver, string(key), value)
      return NONE
    }
    case 'copy':
      return { kind: 'dict', entries: [...entries] }
    default:
      return null
  }
}

/** Sets an item of a dictionary or a list in place; says whether that could be done. */
export function setItem(target: Value, key: Value, value: Value): boolean {
  if (target.kind === 'list' && key.kind === 'number') {
    const items = changed(target)
    const at = Number(key.text) < 0 ? items.length + Number(key.text) : Number(key.text)
    if (!(at in items)) return false
    items[at] = value
    return true
  }
  if (target.kind !== 'dict') return false
  const entries = target.entries as Entry[]
  const answers = entries.map((entry) => equal(entry.key, key))
  const at = answers.indexOf(true)
  if (at < 0 && answers.includes(null)) return false
  if (at < 0) entries.push({ key, value })
  else entries[at] = { key, value }
  return true
}

/** Removes an item of a dictionary in place; says whether that could be done. */
export function remove({ entries }: ValueOf<'dict'>, key: Value): boolean {
  const at = entries.findIndex((entry) => equal(entry.key, key) === true)
  if (at < 0) return false
  ;(entries as Entry[]).splice(at, 1)
  return true
}
