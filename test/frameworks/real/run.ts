import { execFile } from 'node:child_process'

/** How a run of a tool ended, and all that it said. */
export interface Run {
  readonly done: boolean
  readonly said: string
}

/** Runs a program in a folder; what it says on both channels, and whether it ended with 0 within `timeout` milliseconds. */
export function ran(
  program: string,
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  timeout = 60_000,
): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...environment }, timeout, maxBuffer: 2 ** 26 }
    execFile(program, [...args], options, (error, out, err) => resolve({ done: error === null, said: out + err }))
  })
}
