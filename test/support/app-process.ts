import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { until } from './app-database.js'

/** A part of the App in a process of its own, which can be killed. It runs what was built. */
export interface AppProcess {
  readonly pid: number
  /** Everything it said, line by line. */
  readonly lines: readonly string[]
  /** Waits until it has said a line that begins so, and returns the rest of that line. */
  said(start: string, milliseconds?: number): Promise<string>
  tell(line: string): void
  signal(name: NodeJS.Signals): void
  /** Sends the signal and waits until it is gone; returns its exit code, or null when the signal ended it. */
  kill(name: NodeJS.Signals): Promise<number | null>
  readonly exited: Promise<number | null>
  stop(): Promise<void>
}

/** Starts `test/server/children/NAME.mjs`. */
export function appProcess(name: string, options: unknown): AppProcess {
  const file = resolve('test/server/children', `${name}.mjs`)
  const child = spawn(process.execPath, [file, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const lines: string[] = []
  let complaint = ''
  createInterface(child.stdout).on('line', (line) => void lines.push(line))
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  child.stdin.on('error', () => undefined)
  let gone = false
  const exited = new Promise<number | null>((done) =>
    child.once('exit', (code) => {
      gone = true
      done(code)
    }),
  )
  return {
    pid: child.pid ?? 0,
    lines,
    exited,
    async said(start, milliseconds = 20_000) {
      await until(() => {
        if (lines.some((line) => line.startsWith(start))) return true
        if (gone) throw new Error(`${name} ended without saying ${start}: ${complaint}`)
        return false
      }, milliseconds)
      return (lines.find((line) => line.startsWith(start)) ?? '').slice(start.length).trim()
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    signal: (signal) => void child.kill(signal),
    async kill(signal) {
      child.kill(signal)
      return exited
    },
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
