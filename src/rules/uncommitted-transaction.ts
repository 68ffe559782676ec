import { isRead } from '../model/migration.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'uncommitted-transaction',
    code: 'G6',
    family: 'transaction',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A transaction is begun and not ended',
    why:
      'What runs after BEGIN is undone when the connection closes without COMMIT. The tool has had no error and marks the migration as ' +
      'applied. Tools that keep the connection run the next migrations in the same transaction, and lose them as well.',
    instead: 'End the script with COMMIT, or leave BEGIN out where the tool begins a transaction itself.',
    messages: { open: 'This transaction is never committed: what follows is lost when the connection closes' },
  },
  check: {
    script(script) {
      if (script.kind !== 'script' || !isRead(script) || script.transaction === 'one') return
      let open: Operation | null = null
      for (const operation of script.statements.flatMap(({ operations }) => operations)) {
        if (operation.kind !== 'transaction') continue
        if (operation.action === 'begin') open ??= operation
        else if (ENDS.has(operation.action) && !operation.chain) open = null
      }
      return open === null ? undefined : { message: 'open', at: open.span }
    },
  },
})

const ENDS: ReadonlySet<string> = new Set(['commit', 'rollback', 'prepare'])
