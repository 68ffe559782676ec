import type { ErrorObject } from 'ajv'
import { type Document, isMap, isSeq, isAlias, type LineCounter, type Node } from 'yaml'
import { nearest } from '../source/nearest.js'

/** What is wrong with a configuration, and in which line of it. */
export interface ConfigProblem {
  readonly message: string
  readonly line: number
}

/** One error of the schema as a sentence with its line; `at` gives the line of what a path of keys leads to. */
export function describeError(error: ErrorObject, at: (keys: readonly string[]) => number): readonly ConfigProblem[] {
  const keys = error.instancePath.split('/').slice(1).map(unescaped)
  const said = (message: string, below: readonly string[] = []): readonly ConfigProblem[] => [
    { message, line: at([...keys, ...below]) },
  ]
  const name = keys.length === 0 ? 'the configuration' : keys.join('.')
  const parameters = error.params as Readonly<Record<string, unknown>>
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(parameters['additionalProperty'])
      const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object)
      const place = keys.length === 0 ? '' : ` in ${name}`
      const others = nearest(key, known).length > 0 ? meant(nearest(key, known)) : `; known are ${known.join(', ')}`
      return said(`there is no key ${key}${place}${others}`, [key])
    }
    case 'propertyNames':
      return said(`${name} has a key that cannot be one: ${String(parameters['propertyName'])}`)
    case 'enum': {
      const allowed = (parameters['allowedValues'] as readonly unknown[]).map(String)
      return said(
        `${name} must be ${either(allowed)}, not ${shown(error.data)}${meant(nearest(String(error.data), allowed))}`,
      )
    }
    case 'type':
      return error.data === null
        ? said(`${name} has no value; give it one or take the key away`)
        : said(`${name} must be ${either([parameters['type']].flat().map(typeName))}, not ${shown(error.data)}`)
    case 'required':
      return said(`${name} lacks the key ${String(parameters['missingProperty'])}`)
    case 'minimum':
      return said(`${name} must be at least ${String(parameters['limit'])}`)
    case 'maximum':
      return said(`${name} must be at most ${String(parameters['limit'])}`)
    case 'minProperties':
      return said(
        `${name} is empty; give it one of ${Object.keys((error.parentSchema?.['properties'] ?? {}) as object).join(', ')}`,
      )
    case 'minItems':
      return said(`${name} is empty: name somebody, or take the key away for the default`)
    case 'pattern': {
      // A name that cannot be one has an error of its own.
      if (error.propertyName !== undefined) return []
      const form = (error.parentSchema as { readonly description?: string } | undefined)?.description
      return said(`${name} must be ${form ?? 'of another form'}, not ${shown(error.data)}`)
    }
    // The branch that was taken has its own error.
    case 'if':
      return []
    default:
      return said(`${name} ${error.message ?? 'is not valid'}`)
  }
}

/** A suggestion to put behind a message; '' when nothing is near. */
export function meant(near: readonly string[]): string {
  return near.length === 0 ? '' : `; did you mean ${either(near)}?`
}

/** The line of what a path of keys leads to, or of the last thing on the way that is there. */
export function lineOf(document: Document, keys: readonly string[], lines: LineCounter): number {
  let node: unknown = document.contents
  let offset = startOf(node)
  for (const key of keys) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === key)
      if (pair === undefined) break
      offset = startOf(pair.key)
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(key)]
      offset = startOf(node)
    } else break
  }
  return lines.linePos(offset).line
}

function startOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    string: 'text',
    array: 'a list',
    object: 'a mapping of keys to values',
  }
  return names[String(type)] ?? String(type)
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing'
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
