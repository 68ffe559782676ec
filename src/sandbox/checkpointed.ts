import type { Keep } from './answerer.js'
import type { Backend } from './backend.js'
import { isCopyable } from './baseline-file.js'
import type { ServerConnection } from './connection.js'

/**
 * Keeps a server's state by a copy of its files, which `copy` makes when they are whole: checkpointed, and without a
 * table that is empty after a restart.
 */
export function checkpointed(server: Backend, watcher: ServerConnection, copy: Keep): Keep {
  return async (baseline, hint) => {
    if (!(await isCopyable(server))) return
    const { error, tag } = await watcher.exchange('CHECKPOINT', false)
    if (error === null && tag !== null) await copy(baseline, hint)
  }
}
