import type { Value } from '../python/value.js'

/** A Python value as `json.dumps` writes it; null when some of it is not known. */
export function json(value: Value): string | null {
  switch (value.kind) {
    case 'none':
      return 'null'
    case 'boolean':
      return String(value.is)
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value.text) ? value.text : null
    case 'string':
      return quoted(value.text)
    case 'list':
      return all(value.items.map(json), (parts) => `[${parts.join(', ')}]`)
    case 'dict':
      return all(
        value.entries.map(({ key, value }) => {
          const text = json(value)
          return key.kind === 'string' && text !== null ? `${quoted(key.text)}: ${text}` : null
        }),
        (parts) => `{${parts.join(', ')}}`,
      )
    default:
      return null
  }
}

function all(parts: readonly (string | null)[], join: (parts: readonly string[]) => string): string | null {
  const known = parts.filter((part) => part !== null)
  return known.length === parts.length ? join(known) : null
}

/** A string in quotes, with everything beyond ASCII escaped, as `json.dumps` does by itself. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
