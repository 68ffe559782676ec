import { pglite } from '../../src/sandbox/pglite.js'
import type { Sandbox, SandboxProvider, SchemaDump, Session } from '../../src/sandbox/sandbox.js'

/**
 * A provider that hands the same sandbox out again when a wash leaves its schema as a new one has it, and a new one
 * otherwise; starting one takes longer than most rehearsals.
 */
export function washed(provider = pglite()): SandboxProvider & AsyncDisposable {
  let kept: { readonly sandbox: Sandbox; readonly clean: SchemaDump; session: Session } | null = null
  const signal = new AbortController().signal

  const isClean = async (): Promise<boolean> => {
    if (kept === null) return false
    const { session, clean } = kept
    try {
      await session.reset()
      for (const sql of WASH) await session.run(sql, signal)
      const left = await session.dump([])
      if (isSame(left, clean)) return true
      for (const sql of removals(left, clean)) await session.run(sql, signal)
      return isSame(await session.dump([]), clean)
    } catch {
      return false
    }
  }

  return {
    id: provider.id,
    async open(wish) {
      if (!(await isClean())) {
        await kept?.sandbox[Symbol.asyncDispose]()
        const sandbox = await provider.open({ postgres: wish.postgres }, signal)
        if ('unavailable' in sandbox) return sandbox
        const session = await sandbox.session()
        for (const sql of WASH) await session.run(sql, signal)
        kept = { sandbox, session, clean: await session.dump([]) }
      }
      const { sandbox, session } = kept as NonNullable<typeof kept>
      return { ...sandbox, session: async () => session, [Symbol.asyncDispose]: async () => undefined }
    },
    async [Symbol.asyncDispose]() {
      await kept?.sandbox[Symbol.asyncDispose]()
    },
  }
}

function isSame(one: SchemaDump, other: SchemaDump): boolean {
  return JSON.stringify([...one]) === JSON.stringify([...other])
}

/** What takes away the schemas and roles that are left, with all that belongs to them. */
function removals(left: SchemaDump, clean: SchemaDump): readonly string[] {
  const more = [...left.keys()].filter((key) => !clean.has(key))
  const named = (kind: string): readonly string[] =>
    more.flatMap((key) => (key.startsWith(`${kind} `) ? [key.slice(kind.length + 1)] : []))
  return [
    ...named('schema').map((name) => `drop schema ${name} cascade`),
    ...named('role').flatMap((name) => [`drop owned by ${name} cascade`, `drop role ${name}`]),
  ]
}

const WASH = [
  'drop schema public cascade',
  'create schema public authorization pg_database_owner',
  'grant usage on schema public to public',
]
