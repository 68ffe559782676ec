import { isApplication } from './libraries.js'
import { unknown, type Arguments, type Cause, type Value, type ValueOf } from './python/value.js'

/** What a chain of calls and attributes begins with: a dotted name; '' for anything else. */
export function rootOf(value: Value): string {
  switch (value.kind) {
    case 'name':
    case 'call':
      return value.path
    case 'method':
    case 'attribute':
    case 'item':
      return rootOf(value.receiver)
    default:
      return ''
  }
}

/** Why a call could not be translated: because of the first thing in it that is not known. */
export function causeOf(given: Arguments, reason: string): Cause {
  const found: ValueOf<'unknown'>[] = []
  const seen = new Set<Value>()
  const visit = (value: Value): void => {
    // A value may stand inside another many times.
    if (seen.has(value)) return
    seen.add(value)
    if (value.kind === 'unknown') found.push(value)
    else if (value.kind === 'list') value.items.forEach(visit)
    else if (value.kind === 'dict') value.entries.forEach((entry) => visit(entry.value))
    else if (value.kind === 'operator') value.operands.forEach(visit)
    else if (value.kind === 'call' || value.kind === 'method') {
      if (value.kind === 'method') visit(value.receiver)
      value.positional.forEach(visit)
      value.keywords.forEach(visit)
      if (value.kind === 'call' && isApplication(value.path))
        found.push(unknown('imports application code', value.path))
    } else if (value.kind === 'name' && isApplication(value.path))
      found.push(unknown('imports application code', value.path))
  }
  given.positional.forEach(visit)
  given.keywords.forEach(visit)
  return (found.find((value) => value.reason === reason) ?? found[0])?.cause ?? 'unsupported call'
}
