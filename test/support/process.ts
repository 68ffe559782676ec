import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Whether a process ends within two seconds. One that nobody has asked after yet has ended as well. */
export async function ends(pid: number): Promise<boolean> {
  for (let tries = 100; runs(pid) && tries > 0; tries--) await setTimeout(20)
  return !runs(pid)
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/status`
  return !existsSync(status) || !/^State:\s+[ZX]/m.test(readFileSync(status, 'utf8'))
}
