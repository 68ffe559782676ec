import type { Command } from './command.js'
import { done } from './reply.js'

export const rerun: Command = {
  name: 'rerun',
  usage: 'rerun',
  summary: 'review again what stands there now',
  who: 'write',
  about: 'nothing',
  run: () => done(null, [{ kind: 'rerun' }]),
}
