import { samples } from './pattern.js'
import { cast } from './literal.js'
import { textOf } from './supply.js'

/** Values that the text of a condition speaks of, for a column of this type: those most likely to satisfy it. */
export function hints(condition: string, typeName: string): readonly string[] {
  const strings = [...condition.matchAll(/'((?:[^']|'')*)'(?:::([a-z][\w ]*))?/g)].map(([, text, type]) => ({
    text: (text ?? '').replaceAll("''", "'"),
    type: type ?? '',
  }))
  const numbers = [...condition.replace(/'(?:[^']|'')*'/g, "''").matchAll(/(?<![\w.])\d+(?:\.\d+)?(?![\w.])/g)].map(
    ([number]) => Number(number),
  )
  for (const { text } of strings) if (/^-?\d+(\.\d+)?$/.test(text)) numbers.push(Number(text))
  const base = typeName.replace(/\(.*\)/, '')
  if (NUMERIC.test(base)) return around(numbers, typeName).map((number) => cast(number, typeName))
  if (TEXTUAL.test(base)) return texts(strings, numbers, typeName).map((text) => cast(text, typeName))
  const same = strings.filter(({ type, text }) => type === base || (/^json/.test(base) && /^[[{"]/.test(text)))
  return same.flatMap(({ text }) => {
    const value = cast(text, typeName)
    if (!/^(?:date|timestamp)/.test(base) || /infinity/.test(text)) return [value]
    return [value, ...['+', '-'].map((sign) => `(${cast(text, base)} ${sign} '1 day'::interval)::${typeName}`)]
  })
}

const NUMERIC = /^(?:smallint|integer|bigint|numeric|real|double precision|money|oid)$/
const TEXTUAL = /^(?:text|character varying|character|citext|name|"char"|.*\.citext)$/
const LARGEST: Readonly<Record<string, number>> = {
  smallint: 32_767,
  integer: 2_147_483_647,
  bigint: Number.MAX_SAFE_INTEGER,
}

/** So many values in a row, for rules that want them different. */
const NEXT = [2, 3, 4, 5, 6, 7, 8]

/** Each number with its neighbours, as far as the type holds them. */
function around(numbers: readonly number[], typeName: string): readonly string[] {
  const [precision, scale = 0] = [...typeName.matchAll(/\d+/g)].map(Number)
  const most =
    LARGEST[typeName] ??
    (precision === undefined || !typeName.startsWith('numeric') ? 1e15 : 10 ** (precision - scale) - 1)
  const whole = Object.hasOwn(LARGEST, typeName)
  const near = numbers.flatMap((number) => [
    number,
    number + 1,
    number - 1,
    -number,
    number / 2,
    ...NEXT.map((n) => number + n),
  ])
  return [...new Set(near)]
    .filter((number) => Math.abs(number) <= most && (!whole || Number.isInteger(number)))
    .map((number) => (Number.isInteger(number) ? number.toFixed(0) : String(number)))
    .filter((number) => !number.includes('e'))
}

/** Texts that are spelled out, that patterns describe, and of the lengths that are named. */
function texts(
  strings: readonly { readonly text: string }[],
  numbers: readonly number[],
  typeName: string,
): readonly string[] {
  const limit = Number(/\((\d+)\)/.exec(typeName)?.[1] ?? 10_000)
  const lengths = numbers
    .flatMap((number) => [number, number + 1, number - 1])
    .filter((n) => n >= 0 && Number.isInteger(n))
  const all = [
    ...strings.flatMap(({ text }) => [
      text,
      ...samples(text),
      ...(/[%_]/.test(text)
        ? ['a', 'b', 'c', ...NEXT].map((piece) =>
            text.replace(/%/g, String(piece)).replace(/_/g, String(piece).slice(0, 1)),
          )
        : []),
      text.replace(/%/g, '').replace(/_/g, 'b'),
    ]),
    ...lengths
      .filter((length) => length <= limit)
      .flatMap((length) => [
        ...['A', 'a', '1'].map((letter) => letter.repeat(length)),
        ...(length > 0 ? NEXT.map((n) => String(n).padStart(length, '0')) : []),
      ]),
    ...lengths.filter((length) => length > 0 && length <= limit).map(textOf),
    ...COMMON,
  ]
  return [...new Set(all)].filter((text) => text.length <= limit && !text.includes('\0'))
}

/** What conditions often ask of texts without spelling it out. */
const COMMON = [
  'a',
  'A',
  'abc',
  'ABC',
  '1',
  'a@example.org',
  'b@example.org',
  'https://example.org/a',
  '+15550100',
  '#a1b2c3',
  'a-b',
  '{}',
  '2024-01-15',
]
