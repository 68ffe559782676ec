/** Text that PostgreSQL takes: it has no character of number 0, and half a pair of surrogates is no text. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\u2400').replace(/\p{Surrogate}/gu, '\ufffd')
}

/** The same for a value that is kept as JSON. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'string' ? storable(each) : each))
}

/** What an error says, short enough to be kept in a row. */
export function storableMessage(error: unknown): string {
  return storable((error instanceof Error ? error.message : String(error)).slice(0, 2000))
}
