import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Whom a server runs as. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

const NAMES = ['postgres', 'nobody']

/** PostgreSQL refuses to run as root: another account then, which owns little; null for the user's own. */
export async function serverAccount(): Promise<Account | null | { readonly unavailable: string }> {
  if (process.getuid?.() !== 0) return null
  for (const name of NAMES) {
    const [uid, gid] = await Promise.all([idOf(name, '-u'), idOf(name, '-g')])
    if (uid !== null && gid !== null && uid > 0) return { uid, gid }
  }
  return { unavailable: `PostgreSQL does not run as root, and there is no user ${NAMES.join(' or ')}` }
}

async function idOf(name: string, which: '-u' | '-g'): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('id', [which, name])
    return Number(stdout)
  } catch {
    return null
  }
}
