import { parentPort } from 'node:worker_threads'
import { loadParsers, parserHealth } from '../sql/parse.js'
import { analyse, type AnalysisInput } from './analyse.js'

/** What the worker tells its host. */
export type WorkerMessage =
  | { readonly kind: 'entering'; readonly path: string }
  /** Everything has been read. */
  | { readonly kind: 'judging' }
  /** `pristine`: nothing that was read has left a trace in the parsers, so that another analysis may follow here. */
  | { readonly kind: 'done'; readonly analysis: ReturnType<typeof analyse>; readonly pristine: boolean }
  /** The parser broke inside on this file and must not be asked again in this process. */
  | { readonly kind: 'poisoned'; readonly path: string }

/** What the host asks for: that all is made ready, or an analysis. One at a time. */
export type WorkerOrder = { readonly kind: 'warm' } | { readonly kind: 'analyse'; readonly input: AnalysisInput }

const host = parentPort
if (host === null) throw new Error('this file is the body of a worker thread')
const tell = (message: WorkerMessage): void => host.postMessage(message)

host.on('message', (order: WorkerOrder) => void (order.kind === 'warm' ? loadParsers(ALWAYS) : analysed(order.input)))

/** Whatever major a policy names, the second reader and the grammar it is compared by are asked. */
const ALWAYS = { second: true }

async function analysed(input: AnalysisInput): Promise<void> {
  await loadParsers({ majors: [input.settings.postgres], ...ALWAYS })
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
  const { usable, pristine } = parserHealth()
  tell(usable ? { kind: 'done', analysis, pristine } : { kind: 'poisoned', path: current })
}
