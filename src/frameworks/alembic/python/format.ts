import { burn, fuel } from './fuel.js'
import { momentOf, shown } from './moment.js'
import { plainOf } from './operators.js'
import type { Value, ValueOf } from './value.js'

/** `str(value)`; null when it is not known. */
export function display(value: Value): string | null {
  const plain = plainOf(value)
  // How a member of an enum that is a string shows itself depends on Python's version.
  if (plain !== value) return null
  switch (value.kind) {
    case 'string':
      return value.text
    case 'number':
    case 'boolean':
    case 'none':
      return represent(value)
    case 'list':
    case 'dict':
      return represent(value)
    case 'call':
    case 'method': {
      // What marks a name as final is that name.
      const moment = momentOf(value)
      if (moment !== null) return shown(moment)
      const [name] = value.positional
      const marks = value.kind === 'call' ? value.path === 'alembic.op.f' : value.name === 'f'
      return marks && name?.kind === 'string' ? name.text : null
    }
    default:
      return null
  }
}

/** `repr(value)`; null when it is not known. */
export function represent(value: Value, tank = fuel()): string | null {
  burn(tank)
  const inner = (part: Value): string | null => represent(part, tank)
  switch (value.kind) {
    case 'string':
      return quoted(value.text)
    case 'number':
      return value.text
    case 'boolean':
      return value.is ? 'True' : 'False'
    case 'none':
      return 'None'
    case 'list': {
      const items = value.items.map(inner)
      if (items.includes(null) || value.form === 'set') return null
      const text = items.join(', ')
      if (value.form !== 'tuple') return `[${text}]`
      return items.length === 1 ? `(${text},)` : `(${text})`
    }
    case 'dict': {
      const parts = value.entries.map(({ key, value }) => [inner(key), inner(value)])
      return parts.some((part) => part.includes(null))
        ? null
        : `{${parts.map(([key, of]) => `${key}: ${of}`).join(', ')}}`
    }
    default:
      return null
  }
}

function quoted(text: string): string | null {
  // Python escapes what cannot be printed.
  if (/[\p{C}\p{Z}]/u.test(text.replace(/[ \n\t\r]/g, ''))) return null
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote
}

/** `format(value, spec)` for the specs of texts and whole numbers; null for any other. */
export function formatted(value: Value, spec: string): string | null {
  if (spec === '') return display(value)
  const [whole, fill = '', align = '', sign = '', zero = '', width = '', comma = '', type = ''] =
    /^(?:(.)?([<>^]))?([+-])?(0)?(\d{1,4})?([,_])?([sdxXob])?$/.exec(spec) ?? []
  if (whole === undefined) return null
  if (value.kind === 'string' && sign + zero + comma === '' && (type === '' || type === 's'))
    return padded(value.text, Number(width), align || '<', fill || ' ')
  if (value.kind !== 'number' || !/^-?\d+$/.test(value.text) || type === 's') return null
  const number = BigInt(value.text)
  const size = number < 0n ? -number : number
  const base = { x: 16, X: 16, o: 8, b: 2 }[type] ?? 10
  let digits = size.toString(base)
  if (type === 'X') digits = digits.toUpperCase()
  if (comma !== '') digits = digits.replace(/\B(?=(\d{3})+$)/g, comma)
  const prefix = number < 0n ? '-' : sign === '+' ? '+' : ''
  if (zero !== '' && align === '') return prefix + digits.padStart(Number(width) - prefix.length, '0')
  return padded(prefix + digits, Number(width), align || '>', fill || zero || ' ')
}

/** A text made as wide as is asked. */
export function padded(text: string, width: number, align: string, fill: string): string {
  const lacking = Math.max(0, width - [...text].length)
  const left = align === '<' ? 0 : align === '>' ? lacking : Math.floor(lacking / 2)
  return fill.repeat(left) + text + fill.repeat(lacking - left)
}

/** `text % given`; null when it is not known. */
export function percent(text: string, given: Value): string | null {
  const values = given.kind === 'list' && given.form === 'tuple' ? given.items : [given]
  let next = 0
  let failed = false
  const result = text.replace(
    /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (_, key: string | undefined, flags: string, width: string, digits: string | undefined, type: string) => {
      if (type === '%') return '%'
      const value = key === undefined ? values[next++] : keyed(given, key)
      const part = value === undefined ? null : converted(value, type, digits)
      if (part === null || /[+ #]/.test(flags)) failed = true
      return padded(
        part ?? '',
        Number(width),
        flags.includes('-') ? '<' : '>',
        flags.includes('0') && type === 'd' ? '0' : ' ',
      )
    },
  )
  const isSurplus = given.kind !== 'dict' && next !== values.length
  return failed || isSurplus ? null : result
}

function keyed(given: Value, key: string): Value | undefined {
  if (given.kind !== 'dict') return undefined
  return given.entries.findLast((entry) => entry.key.kind === 'string' && entry.key.text === key)?.value
}

function converted(value: Value, type: string, digits: string | undefined): string | null {
  if (type === 's') return digits === undefined ? display(value) : null
  if (type === 'r') return digits === undefined ? represent(value) : null
  if ((type === 'd' || type === 'i') && digits === undefined)
    return value.kind === 'number' && /^-?\d+$/.test(value.text) ? value.text : null
  return null
}

/** `text.format(…)`; null when it is not known. */
export function braces(
  text: string,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): string | null {
  let next = 0
  let failed = false
  const result = text.replace(
    /\{\{|\}\}|\{([^{}!:]*)(?:!([rs]))?(?::([^{}]*))?\}|[{}]/g,
    (whole, field: string | undefined, conversion: string | undefined, spec = '') => {
      if (whole === '{{' || whole === '}}') return whole.charAt(0)
      const value =
        field === undefined
          ? undefined
          : /^\d+$/.test(field)
            ? positional[Number(field)]
            : field === ''
              ? positional[next++]
              : fieldOf(field, positional, keywords)
      const shown = value === undefined ? null : conversion === 'r' ? represent(value) : formatted(value, spec)
      if (shown === null) failed = true
      return shown ?? ''
    },
  )
  return failed ? null : result
}

/** `name`, `name[key]` and `name[0]`. */
function fieldOf(field: string, positional: readonly Value[], keywords: ReadonlyMap<string, Value>): Value | undefined {
  const [, name = '', key] = /^(\w+)(?:\[(\w+)\])?$/.exec(field) ?? []
  const value = /^\d+$/.test(name) ? positional[Number(name)] : keywords.get(name)
  if (key === undefined || value === undefined) return value
  return value.kind === 'list' ? value.items[Number(key)] : keyed(value, key)
}

/** `textwrap.dedent`: https://docs.python.org/3/library/textwrap.html#textwrap.dedent. */
export function dedent(text: string): string {
  const lines = text.replace(/^[ \t]+$/gm, '').split('\n')
  const indents = lines.filter((line) => line !== '').map((line) => /^[ \t]*/.exec(line)?.[0] ?? '')
  const [first = '', ...rest] = indents
  const common = rest.reduce((shared, indent) => {
    let length = 0
    while (length < shared.length && shared[length] === indent[length]) length++
    return shared.slice(0, length)
  }, first)
  return lines.map((line) => (line === '' ? line : line.slice(common.length))).join('\n')
}

/** A list of texts; null when one of them is not known. */
export function textsOf(value: ValueOf<'list'>): readonly string[] | null {
  const texts = value.items.map((item) => (item.kind === 'string' ? item.text : null))
  return texts.includes(null) ? null : texts.filter((text) => text !== null)
}
