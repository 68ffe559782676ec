/** A configuration file as Python's `configparser` reads it. */
export interface Ini {
  readonly sections: readonly IniSection[]
}

/** A section with its own options and those of `[DEFAULT]`, whose place is theirs. */
export interface IniSection {
  readonly name: string
  /** Names of the options that stand in the section itself. */
  readonly own: ReadonlySet<string>
  readonly options: ReadonlyMap<string, Option>
}

/** An option's value before interpolation, and the line in which it begins. */
export interface Option {
  readonly value: string
  readonly line: number
}

/**
 * Reads what `configparser.ConfigParser()` reads (https://docs.python.org/3/library/configparser.html#supported-ini-file-structure):
 * `=` or `:`, names in lower case, indented lines that go on, comments only on lines of their own. Lines that it would stop at
 * are passed over.
 */
export function readIni(text: string): Ini {
  const sections = new Map<string, Map<string, Option>>()
  let options: Map<string, Option> | null = null
  let open: { readonly name: string; indent: number } | null = null
  text.split(/\r\n|\r|\n/).forEach((raw, index) => {
    const line = raw.trim()
    if (/^[#;]/.test(line)) return
    const indent = raw.length - raw.trimStart().length
    const before = open === null ? undefined : options?.get(open.name)
    if (open !== null && before !== undefined && (line === '' || indent > open.indent)) {
      options?.set(open.name, { ...before, value: `${before.value}\n${line}` })
      return
    }
    const section = /^\[(.+)\]/.exec(line)?.[1]
    if (section !== undefined) {
      options = sections.get(section) ?? new Map<string, Option>()
      sections.set(section, options)
      open = null
      return
    }
    const [, name, value = ''] = /^(.*?)\s*[=:]\s*(.*)$/.exec(line) ?? []
    if (name === undefined || name === '' || options === null) return
    open = { name: name.toLowerCase(), indent }
    options.set(open.name, { value, line: index + 1 })
  })
  const shared = trimmed(sections.get('DEFAULT') ?? new Map())
  return {
    sections: [...sections]
      .filter(([name]) => name !== 'DEFAULT')
      .map(([name, own]) => ({ name, own: new Set(own.keys()), options: new Map([...shared, ...trimmed(own)]) })),
  }
}

function trimmed(options: ReadonlyMap<string, Option>): ReadonlyMap<string, Option> {
  return new Map([...options].map(([name, { value, line }]) => [name, { value: value.trimEnd(), line }]))
}

/** An option with `%(name)s` filled in; null when it is not there, or names what is not there. */
export function optionOf(
  section: IniSection,
  name: string,
  given: ReadonlyMap<string, string>,
  depth = 0,
): string | null {
  const option = section.options.get(name)
  // ConfigParser goes no deeper either.
  if (option === undefined || depth > 10) return null
  let known = true
  const value = option.value.replace(/%(?:(%)|\(([^)]*)\)s)?/g, (_, percent?: string, other?: string) => {
    if (percent !== undefined) return '%'
    const inner =
      other === undefined
        ? null
        : (optionOf(section, other.toLowerCase(), given, depth + 1) ?? given.get(other) ?? null)
    if (inner === null) known = false
    return inner ?? ''
  })
  return known ? value : null
}
