import * as core from '@actions/core'
import { runAction } from './action/run.js'
import type { Runner } from './action/runner.js'
import { visibleBlock, withoutRunnerCommands } from './report/untrusted.js'

/** Runs the step that `action.yml` describes; returns its exit code. */
async function main(): Promise<number> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('the run was cancelled')))
  process.once('SIGTERM', () => stop.abort(new Error('the run was cancelled')))
  return runAction(runnerOf(stop.signal))
}

const SHOWN = { failure: core.error, warning: core.warning, notice: core.notice } as const

function runnerOf(signal: AbortSignal): Runner {
  return {
    input: (name) => core.getInput(name),
    secret: core.setSecret,
    say: (line) => core.info(inert(line)),
    remark: ({ level, message, path, title, startLine, endLine, startColumn, endColumn }) => {
      const place = path === undefined ? {} : { file: path, startLine, endLine, startColumn, endColumn }
      const given = Object.entries({ title, ...place }).filter(([, value]) => value !== null && value !== undefined)
      SHOWN[level](inert(message), Object.fromEntries(given))
    },
    output: core.setOutput,
    // A runner without summaries still shows the log.
    summarize: async (markdown) => {
      if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(markdown).write()
      else core.info(inert(markdown))
    },
    environment: process.env,
    line: {
      fetch: (url, options) => fetch(url, options),
      now: () => Date.now(),
      random: () => Math.random(),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
    today: new Date().toISOString().slice(0, 10),
    signal,
  }
}

/** A text in which no line is an order to the runner. */
function inert(text: string): string {
  return withoutRunnerCommands(visibleBlock(text))
}

process.exitCode = await main()
