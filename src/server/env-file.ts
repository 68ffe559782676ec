import { appendFileSync, chmodSync } from 'node:fs'

/**
 * Adds variables to a file as `node --env-file` reads it, where the last of two counts. Nobody else may read it then: what is
 * kept in there is the App's key.
 */
export function keepIn(file: string, variables: Readonly<Record<string, string | undefined>>): void {
  const lines = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoted(value)}`],
  )
  appendFileSync(file, '', { mode: 0o600 })
  chmodSync(file, 0o600)
  appendFileSync(file, `\n${lines.join('\n')}\n`)
}

/** The set-up page puts some values into quotes itself. */
function quoted(value: string): string {
  const bare = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  return `"${bare.replace(/\r?\n/g, '\\n')}"`
}
