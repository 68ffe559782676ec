import { parentPort, workerData } from 'node:worker_threads'
import { loadParsers, parserHealth } from '../sql/parse.js'
import { analyse, type AnalysisInput } from './analyse.js'

/** What the worker tells its host. */
export type WorkerMessage =
  | { readonly kind: 'entering'; readonly path: string }
  /** Everything has been read. */
  | { readonly kind: 'judging' }
  | { readonly kind: 'done'; readonly analysis: ReturnType<typeof analyse> }
  /** The parser broke inside on this file and must not be asked again in this process. */
  | { readonly kind: 'poisoned'; readonly path: string }

const { input } = workerData as { readonly input: AnalysisInput }
const host = parentPort
if (host === null) throw new Error('this file is the body of a worker thread')
const tell = (message: WorkerMessage): void => host.postMessage(message)

await loadParsers({ majors: [input.settings.postgres], second: true })
let current = ''
const analysis = analyse(input, (path) => {
  if (!parserHealth().usable && current !== '') {
    tell({ kind: 'poisoned', path: current })
    process.exit()
  }
  if (path === null) return tell({ kind: 'judging' })
  current = path
  tell({ kind: 'entering', path })
})
tell(!parserHealth().usable ? { kind: 'poisoned', path: current } : { kind: 'done', analysis })
