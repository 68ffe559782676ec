import { readdirSync, readFileSync } from 'node:fs'

/** A process that this one started. */
export interface ChildHere {
  readonly pid: number
  readonly environment: string
}

/** The children of this process that run a module of this name, by what the system knows of them; the oldest first. */
export function childrenHere(module: string): readonly ChildHere[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((one, other) => one - other)
  return pids.flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      if (!command.includes(module) || parent !== String(process.pid)) return []
      return [{ pid, environment: readFileSync(`/proc/${pid}/environ`, 'utf8') }]
    } catch {
      // It ended meanwhile.
      return []
    }
  })
}
