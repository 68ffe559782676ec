import { parse, TomlError } from 'smol-toml'
import { flattened, toldOf, type ConfigurationReader } from './told.js'

/** `flyway.toml`: the table `flyway`, and the schemas of its environment. */
export const readToml: ConfigurationReader = ({ text }) => {
  let tree: Readonly<Record<string, unknown>>
  try {
    tree = parse(text)
  } catch (error) {
    if (error instanceof TomlError) return { kind: 'unread', reason: 'it is no TOML', line: error.line }
    if (error instanceof RangeError) return { kind: 'unread', reason: 'it is nested too deeply', line: 1 }
    throw error
  }
  const told = new Map(flattened(tree['flyway']))
  const environment = memberOf(tree['environments'], told.get('environment') ?? 'default')
  const schemas = flattened(environment).filter(([name]) => name === 'schemas')
  return toldOf([...schemas, ...told])
}

function memberOf(tree: unknown, name: string): unknown {
  if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, name)) return undefined
  return (tree as Readonly<Record<string, unknown>>)[name]
}
