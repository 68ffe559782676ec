import { parentPort, workerData } from 'node:worker_threads'
import type { FunctionText } from '../model/function-body.js'
import { loadParsers } from '../sql/parse.js'
import { functionBody } from '../sql/read/function-body.js'

/* Reads functions in a thread of its own, which can be ended. */

const { functions } = workerData as { readonly functions: readonly FunctionText[] }
await loadParsers()
parentPort?.postMessage(functions.map(functionBody))
