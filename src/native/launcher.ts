import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openGate } from './gate.js'
import { ARRIVED, PORT, STREAMS, type Errand } from './errand.js'

/*
 * The process that stands between us and a tool: it leads the process group by which the tool is ended, keeps the gate
 * through which the tool reaches the sandbox, also where there is no other network, and ends both when we are gone.
 */

const lines = createInterface({ input: process.stdin })
lines.once('line', (line) => {
  const errand = JSON.parse(line) as Errand
  lines.once('close', () => {
    rmSync(errand.directory, { recursive: true, force: true })
    process.kill(0, 'SIGKILL')
  })
  run(errand).catch((error: unknown) => end(NOT_STARTED, error instanceof Error ? error.message : String(error)))
})

/** What a shell answers for a program that cannot be started. */
const NOT_STARTED = 127

async function run({ command, folder, environment, directory, config, gate }: Errand): Promise<void> {
  const arrive = (): void => writeFileSync(join(directory, ARRIVED), '', { mode: 0o600 })
  const port = gate === null ? '' : String((await openGate(gate, arrive)).port)
  const settled = (text: string): string => text.replaceAll(PORT, port)
  if (config !== null) writeFileSync(join(directory, config.name), settled(config.text), { mode: 0o600 })
  const [program = '', ...args] = command.map(settled)
  const child = spawn(program, args, {
    cwd: folder,
    env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, settled(value)])),
    // Not this process's own, which Node makes non-blocking: what a tool then cannot write at once it leaves out.
    stdio: ['ignore', STREAMS.output, STREAMS.errors],
  })
  child.once('error', (error) => end(NOT_STARTED, error.message))
  child.once('exit', (code, by) => end(code ?? 1, by === null ? '' : `${program} was ended by ${by}`))
}

function end(code: number, remark: string): void {
  if (remark !== '') process.stderr.write(`${remark}\n`)
  process.exit(code)
}
