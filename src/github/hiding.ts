/** Takes out of a text what nobody may read, and leaves any other text as it is. */
export type Hide = (text: string) => string

/** By these GitHub finds what is meant; changed, they would mean something else. */
const NAMES: ReadonlySet<string> = new Set(['path', 'commit_id', 'head_sha', 'external_id'])

/** The same parameters with nothing in their texts that nobody may read; those that are part of the route stay. */
export function withHidden(
  route: string,
  parameters: Readonly<Record<string, unknown>>,
  hide: Hide,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      route.includes(`{${name}}`) || NAMES.has(name) ? value : hiddenIn(value, hide),
    ]),
  )
}

/** The same plain data with nothing in its texts that nobody may read. */
export function hiddenIn<Data>(data: Data, hide: Hide): Data {
  const within = (value: unknown): unknown => {
    if (typeof value === 'string') return hide(value)
    if (Array.isArray(value)) return value.map(within)
    if (typeof value !== 'object' || value === null) return value
    return withHidden('', value as Readonly<Record<string, unknown>>, hide)
  }
  return within(data) as Data
}
