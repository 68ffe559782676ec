import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A running process and its command line, in which a server's processes write what they are. */
export interface RunningProcess {
  readonly pid: number
  readonly command: string
}

/** The processes whose command line holds a word. */
export async function processesNaming(word: string): Promise<readonly RunningProcess[]> {
  const all = (await fromProc()) ?? (await fromPs())
  return all.filter(({ command }) => command.includes(word))
}

/** From the files of Linux; null where there are none. */
async function fromProc(): Promise<readonly RunningProcess[] | null> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  if (pids.length === 0) return null
  const rows = await Promise.all(
    pids.map(async (pid) => {
      // One that has ended meanwhile has no file; a zombie has an empty one.
      const text = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')
      return { pid, command: text.replaceAll('\0', ' ').trim() }
    }),
  )
  return rows.filter(({ command }) => command !== '')
}

async function fromPs(): Promise<readonly RunningProcess[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args='], { maxBuffer: 2 ** 26 })
  return stdout.split('\n').flatMap((row) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(row) ?? []
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }]
  })
}
