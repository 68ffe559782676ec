import { distinctMembers } from './classes.js'
import { burn, fuel } from './fuel.js'
import { display, represent, dedent } from './format.js'
import { filled, inOrder } from './methods.js'
import { arithmetic, contains, LONGEST, plainOf, tooLong, truth } from './operators.js'
import type { Machine } from './machine.js'
import {
  boolean,
  describe,
  integer,
  isOpen,
  NONE,
  string,
  unknown,
  type Arguments,
  type Entry,
  type Value,
} from './value.js'

type Builtin = (given: Arguments, machine: Machine) => Value | null

/** The items that iterating over a value gives, in order; null when they are not known. */
export function iterated(value: Value): readonly Value[] | null {
  switch (value.kind) {
    case 'list':
      return value.items
    case 'dict':
      return value.entries.map(({ key }) => key)
    case 'string':
      return [...value.text].map(string)
    case 'class': {
      const members = distinctMembers(value)
      return members.length > 0 ? members : null
    }
    default:
      return null
  }
}

/** What a function of Python's own gives; null for one that is not known. https://docs.python.org/3/library/functions.html */
export function builtin(path: string): Builtin | null {
  return Object.hasOwn(BUILTINS, path) ? (BUILTINS[path] ?? null) : null
}

const list = (items: readonly Value[], form?: 'tuple' | 'set'): Value =>
  form === undefined ? { kind: 'list', items: [...items] } : { kind: 'list', form, items: [...items] }

function collected(form?: 'tuple' | 'set'): Builtin {
  return ({ positional: [first] }) => {
    if (first === undefined) return list([], form)
    const items = iterated(first)
    if (items === null) return first.kind === 'unknown' ? first : null
    if (form !== 'set') return list(items, form)
    const once: Value[] = []
    for (const item of items) {
      const known = contains({ kind: 'list', items: once }, item)
      const isRest = item.kind === 'unknown' && item.open === true
      if (known === null && !isRest) return null
      if (known !== true) once.push(item)
    }
    return list(once, 'set')
  }
}

function range({ positional }: Arguments): Value | null {
  const numbers = positional.map((value) => (value.kind === 'number' ? Number(value.text) : NaN))
  const [first = NaN, second, step = 1] = numbers
  const [from, to] = second === undefined ? [0, first] : [first, second]
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (!Number.isInteger(count)) return null
  return count > LONGEST / 16
    ? tooLong()
    : list(Array.from({ length: count }, (_, index) => integer(from + index * step)))
}

function quantified(wanted: boolean): Builtin {
  return ({ positional: [first] }) => {
    const items = first === undefined ? null : iterated(first)
    const answers = items?.map(truth)
    if (answers === undefined) return null
    if (answers.includes(wanted)) return boolean(wanted)
    return answers.includes(null) ? null : boolean(!wanted)
  }
}

function extreme(sign: 1 | -1): Builtin {
  return ({ positional, keywords }) => {
    const [first] = positional
    const items = positional.length === 1 && first !== undefined ? iterated(first) : positional
    const ordered = items === null || keywords.size > 0 ? null : inOrder(items)
    return ordered?.at(sign > 0 ? -1 : 0) ?? null
  }
}

function mapped(given: Arguments, machine: Machine, keep: (item: Value, result: Value) => Value | null): Value | null {
  const [by, over] = given.positional
  const items = over === undefined ? null : iterated(over)
  if (by === undefined || items === null) return null
  const kept: Value[] = []
  for (const item of items) {
    const result = by.kind === 'none' ? item : machine.call(by, { positional: [item], keywords: new Map() }, 'map')
    const value = keep(item, result)
    if (value === null) return null
    kept.push(value)
  }
  return list(kept)
}

const silent: Builtin = () => NONE

const BUILTINS: Readonly<Record<string, Builtin | undefined>> = {
  len: ({ positional: [first] }) => {
    if (first?.kind === 'string') return integer([...first.text].length)
    const items = first === undefined || (first.kind === 'list' && isOpen(first)) ? null : iterated(first)
    return items === null ? null : integer(items.length)
  },
  range,
  list: collected(),
  tuple: collected('tuple'),
  set: collected('set'),
  frozenset: collected('set'),
  iter: ({ positional: [first] }) => first ?? null,
  reversed: ({ positional: [first] }) => {
    const items = first === undefined ? null : iterated(first)
    return items === null ? null : list([...items].reverse())
  },
  sorted: ({ positional: [first], keywords }, machine) => {
    const items = first === undefined ? null : iterated(first)
    if (items === null) return null
    const key = keywords.get('key')
    const keys =
      key === undefined || key.kind === 'none'
        ? items
        : items.map((item) => machine.call(key, { positional: [item], keywords: new Map() }, 'key'))
    const ordered = inOrder(keys)
    const reverse = truth(keywords.get('reverse') ?? boolean(false))
    if (ordered === null || reverse === null) return null
    const left = items.map((item, index) => ({ item, key: keys[index] }))
    const sorted = ordered.flatMap((key) => {
      const at = left.findIndex(
        (entry) =>
          entry.key !== undefined && entry.key.kind === key.kind && JSON.stringify(entry.key) === JSON.stringify(key),
      )
      return left.splice(at, 1).map(({ item }) => item)
    })
    return list(reverse ? sorted.reverse() : sorted)
  },
  enumerate: ({ positional: [first, second], keywords }) => {
    const items = first === undefined ? null : iterated(first)
    const start = second ?? keywords.get('start') ?? integer(0)
    if (items === null || start.kind !== 'number') return null
    return list(items.map((item, index) => list([integer(Number(start.text) + index), item], 'tuple')))
  },
  zip: ({ positional }) => {
    const lists = positional.map(iterated)
    const known = lists.filter((items) => items !== null)
    if (known.length < lists.length) return null
    const shortest = known.length === 0 ? 0 : Math.min(...known.map((items) => items.length))
    return list(
      Array.from({ length: shortest }, (_, index) =>
        list(
          known.flatMap((items) => items[index] ?? []),
          'tuple',
        ),
      ),
    )
  },
  map: (given, machine) => mapped(given, machine, (_, result) => result),
  filter: (given, machine) => {
    const dropped: Value = { kind: 'none' }
    const all = mapped(given, machine, (item, result) => {
      const is = truth(result)
      return is === null ? null : is ? item : dropped
    })
    return all?.kind === 'list' ? list(all.items.filter((item) => item !== dropped)) : all
  },
  dict: ({ positional: [first], keywords }) => {
    const pairs = first === undefined ? [] : first.kind === 'dict' ? first.entries : pairsOf(first)
    if (pairs === null) return null
    return { kind: 'dict', entries: [...pairs, ...[...keywords].map(([key, value]) => ({ key: string(key), value }))] }
  },
  str: ({ positional: [first, second] }) =>
    first === undefined ? string('') : second === undefined ? filled(display(first), [first]) : null,
  repr: ({ positional: [first] }) => (first === undefined ? null : filled(represent(first), [first])),
  int: ({ positional: [first, second] }) => {
    const plain = first === undefined || second !== undefined ? null : plainOf(first)
    if (plain?.kind === 'boolean') return integer(Number(plain.is))
    const text = plain?.kind === 'number' || plain?.kind === 'string' ? plain.text.trim() : ''
    return /^[-+]?\d+$/.test(text) ? integer(BigInt(text)) : null
  },
  bool: ({ positional: [first] }) => {
    const is = first === undefined ? false : truth(first)
    return is === null ? null : boolean(is)
  },
  sum: ({ positional: [first] }) => {
    const items = first === undefined ? null : iterated(first)
    return items === null ? null : items.reduce((sum, item) => arithmetic('+', sum, item), integer(0))
  },
  abs: ({ positional: [first] }) =>
    first?.kind === 'number' ? { kind: 'number', text: first.text.replace(/^[-+]/, '') } : null,
  any: quantified(true),
  all: quantified(false),
  min: extreme(-1),
  max: extreme(1),
  callable: ({ positional: [first] }) => (first?.kind === 'function' || first?.kind === 'class' ? boolean(true) : null),
  isinstance: ({ positional: [value, type] }) =>
    value === undefined || type === undefined ? null : isInstance(value, type),
  hasattr: ({ positional: [value, name] }) => {
    if (value?.kind !== 'class' || name?.kind !== 'string') return null
    return boolean(value.members.has(name.text))
  },
  print: silent,
  'warnings.warn': silent,
  'textwrap.dedent': ({ positional: [first] }) => (first?.kind === 'string' ? string(dedent(first.text)) : null),
  'inspect.cleandoc': ({ positional: [first] }) => {
    if (first?.kind !== 'string') return null
    const [head = '', ...rest] = first.text.replaceAll('\t', '        ').split('\n')
    return string([head.trimStart(), dedent(rest.join('\n'))].join('\n').replace(/^\n+|\n+\s*$/g, ''))
  },
  'itertools.product': ({ positional }) => product(positional),
  'itertools.chain': ({ positional }) => {
    const lists = positional.map(iterated)
    const size = lists.reduce((size, items) => size + (items?.length ?? NaN), 0)
    return size <= LONGEST ? list(lists.flatMap((items) => items ?? [])) : null
  },
  'json.dumps': ({ positional: [first], keywords }) => {
    const text = first === undefined || keywords.size > 0 ? null : json(first)
    return text === null ? null : string(text)
  },
}

function product(values: readonly Value[]): Value | null {
  const lists = values.map(iterated)
  const size = lists.reduce((size, items) => size * (items?.length ?? NaN), 1)
  if (!(size <= LONGEST / 16)) return null
  const rows = lists.reduce<readonly (readonly Value[])[]>(
    (rows, items) => rows.flatMap((row) => (items ?? []).map((item) => [...row, item])),
    [[]],
  )
  return list(rows.map((row) => list(row, 'tuple')))
}

function pairsOf(value: Value): readonly Entry[] | null {
  const pairs = iterated(value)?.map((pair) => {
    const [key, of, more] = iterated(pair) ?? []
    return key === undefined || of === undefined || more !== undefined ? null : { key, value: of }
  })
  return pairs === undefined || pairs.includes(null) ? null : pairs.filter((pair) => pair !== null)
}

function isInstance(value: Value, type: Value): Value | null {
  if (type.kind === 'list') {
    const answers = type.items.map((item) => isInstance(value, item))
    if (answers.some((answer) => answer?.kind === 'boolean' && answer.is)) return boolean(true)
    return answers.includes(null) ? null : boolean(false)
  }
  const expected = type.kind === 'name' ? KINDS.get(type.path) : undefined
  if (
    expected === undefined ||
    ['unknown', 'name', 'method', 'attribute', 'item', 'operator', 'instance'].includes(value.kind)
  )
    return null
  const own = value.kind === 'list' ? (value.form ?? 'list') : value.kind
  const number = own === 'number' && value.kind === 'number' && !/^[-+]?\d+$/.test(value.text) ? 'float' : own
  return boolean(expected.includes(number))
}

const KINDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<readonly string[]>({
    'builtins.str': ['string'],
    'builtins.int': ['number', 'boolean'],
    'builtins.float': ['float'],
    'builtins.bool': ['boolean'],
    'builtins.list': ['list'],
    'builtins.tuple': ['tuple'],
    'builtins.set': ['set'],
    'builtins.dict': ['dict'],
  }),
)

/** `json.dumps` with its defaults; null for what it does not know or shows otherwise. */
function json(value: Value, tank = fuel()): string | null {
  burn(tank)
  const inner = (part: Value): string | null => json(part, tank)
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.text).replace(
        /[\u007f-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    case 'number':
      return value.text
    case 'boolean':
      return String(value.is)
    case 'none':
      return 'null'
    case 'list': {
      const parts = value.items.map(inner)
      return parts.includes(null) || value.form === 'set' ? null : `[${parts.join(', ')}]`
    }
    case 'dict': {
      const parts = value.entries.map(({ key, value }) => (key.kind === 'string' ? [inner(key), inner(value)] : [null]))
      return parts.some((part) => part.includes(null))
        ? null
        : `{${parts.map(([key, of]) => `${key}: ${of}`).join(', ')}}`
    }
    default:
      return null
  }
}

/** What a builtin gives that could not answer. */
export function unanswered(written: string, { positional, keywords }: Arguments): Value {
  const bad = [...positional, ...keywords.values()].find(({ kind }) => kind === 'unknown')
  const [first] = positional
  return (
    bad ??
    unknown(
      'unsupported call',
      `what ${written} gives is not known${first === undefined ? '' : `: ${describe(first)}`}`,
    )
  )
}
