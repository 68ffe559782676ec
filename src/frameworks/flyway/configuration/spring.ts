import { parseAllDocuments, isDocument } from 'yaml'
import { readProperties } from './properties.js'
import { camel, flattened, toldOf, type ConfigurationReader } from './told.js'

const PREFIX = /^(?:spring|quarkus)\.flyway\.(.+?)(\[\d+\])?$/

/** `application.properties` of Spring Boot or Quarkus. */
export const readApplicationProperties: ConfigurationReader = ({ text }) => ofFlyway(readProperties(text))

/** `application.yml`; documents that are for one profile alone are left out. */
export const readApplicationYaml: ConfigurationReader = ({ text }) => {
  if (!text.includes('flyway')) return null
  const documents = parseAllDocuments(text, { uniqueKeys: false })
  const told: (readonly [string, string])[] = []
  for (const document of Array.isArray(documents) ? documents : []) {
    if (!isDocument(document)) continue
    const [error] = document.errors
    if (error !== undefined) return { kind: 'unread', reason: 'it is no YAML', line: error.linePos?.[0].line ?? 1 }
    const entries = valuesOf(document)
    if (entries === null) return { kind: 'unread', reason: 'its aliases or its depth go too far', line: 1 }
    if (entries.some(([name]) => /^spring\.(config\.activate\.on-profile|profiles)(\.|$)/.test(name))) continue
    told.push(...entries)
  }
  return ofFlyway(told)
}

/** No configuration says the same thing more often by aliases. */
const MOST_ALIASES = 100

function valuesOf(document: { toJS(options: { maxAliasCount: number }): unknown }) {
  try {
    return flattened(document.toJS({ maxAliasCount: MOST_ALIASES }))
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError) return null
    throw error
  }
}

/** An entry of a list has its number behind its name, or the whole list is one value. */
function ofFlyway(entries: readonly (readonly [string, string])[]) {
  const told = new Map<string, string>()
  for (const [name, value] of entries) {
    const [, own, entry] = PREFIX.exec(name) ?? []
    if (own === undefined) continue
    const before = told.get(camel(own))
    told.set(camel(own), entry === undefined || before === undefined ? value : `${before},${value}`)
  }
  return toldOf(told)
}
