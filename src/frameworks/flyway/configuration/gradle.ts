import { toldOf, type ConfigurationReader } from './told.js'

/**
 * The block `flyway { … }` of `build.gradle` or `build.gradle.kts`, as far as its settings are written down: a build script is a
 * program, and what it computes is not known.
 */
export const readGradle: ConfigurationReader = ({ text }) => {
  const code = withoutComments(text)
  const block = blockOf(code)
  if (block === null) return null
  return toldOf(statementsOf(block).flatMap(settingOf))
}

const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/

/** Comments become white space; what stands in quotes is no comment. */
function withoutComments(text: string): string {
  return text.replace(new RegExp(`${STRING.source}|//[^\\n]*|/\\*[^]*?\\*/`, 'g'), (part) =>
    part.startsWith('/') ? part.replace(/[^\n]/g, ' ') : part,
  )
}

function blockOf(code: string): string | null {
  const start = /(?:^|\n)\s*flyway\s*\{/.exec(code)
  if (start === null) return null
  const from = start.index + start[0].length
  let depth = 1
  const signs = new RegExp(`${STRING.source}|[{}]`, 'g')
  signs.lastIndex = from
  for (let sign = signs.exec(code); sign !== null; sign = signs.exec(code)) {
    depth += sign[0] === '{' ? 1 : sign[0] === '}' ? -1 : 0
    if (depth === 0) return code.slice(from, sign.index)
  }
  return null
}

/** One statement a line, save within brackets. */
function statementsOf(block: string): readonly string[] {
  const statements = ['']
  let depth = 0
  for (const [part] of block.matchAll(new RegExp(`${STRING.source}|[^]`, 'g'))) {
    depth += /^[([{]$/.test(part) ? 1 : /^[)\]}]$/.test(part) ? -1 : 0
    if (depth <= 0 && /^[\n;]$/.test(part)) statements.push('')
    else statements[statements.length - 1] += part
  }
  return statements.map((each) => each.trim()).filter((each) => each !== '')
}

function settingOf(statement: string): readonly (readonly [string, string])[] {
  const put = /^placeholders\.put\(\s*([^,]+?)\s*,\s*([^]+?)\s*\)$/.exec(statement)
  const [name, value] = put === null ? [] : [stringOf(put[1]), stringOf(put[2])]
  if (typeof name === 'string') return [[`placeholders.${name}`, value ?? UNKNOWN]]
  const set = /^(\w+)(?:\.set)?\s*(?:=|\s|(?=[(['"]))\s*([^]+)$/.exec(statement)
  if (set === null) return []
  const [, setting = '', written = ''] = set
  if (setting === 'placeholders') return pairsOf(written).map(([key, each]) => [`placeholders.${key}`, each])
  if (/^(true|false)$/.test(written) || /^\((true|false)\)$/.test(written))
    return [[setting, written.replace(/[()]/g, '')]]
  const inner = /^(?:\(\s*)?(?:\[|(?:arrayOf|listOf|setOf|mutableListOf)\(|files\()?([^]*?)[\])\s]*$/.exec(written)?.[1]
  const parts = (inner ?? '')
    .split(new RegExp(`,(?=\\s*(?:["']|$))`))
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const values = parts.map(stringOf)
  return [[setting, values.every((each) => each !== null) ? values.join(',') : UNKNOWN]]
}

/** What is computed, as a reference that nobody can resolve. */
const UNKNOWN = '${computed}'

/** `['a': 'b']` and `mapOf("a" to "b")`. */
function pairsOf(written: string): readonly (readonly [string, string])[] {
  const pair = new RegExp(`(${STRING.source}|\\b\\w+)\\s*(?::|\\bto\\b)\\s*(${STRING.source}|[^,\\])]+)`, 'g')
  return [...written.matchAll(pair)].map(([, key = '', value = '']) => [
    stringOf(key) ?? key,
    stringOf(value) ?? UNKNOWN,
  ])
}

/** A string without its quotes; null for anything else. What Gradle puts in for its own folders is left as `${…}`. */
function stringOf(written = ''): string | null {
  const quote = written[0]
  if (!new RegExp(`^(?:${STRING.source})$`).test(written)) return null
  const inner = written.slice(1, -1)
  if (quote === "'") return inner.replace(/\\(.)/g, '$1')
  return inner.replace(/\$(\w+(?:\.\w+)*)/g, '${$1}').replace(/\\(.)/g, '$1')
}
