import { planFold } from '../report/page-change.js'
import type { Command } from './command.js'
import { aboutReport } from './reply.js'

export const plan: Command = {
  name: 'plan',
  usage: 'plan',
  summary: 'how the change goes out and how it comes back, with the down SQL',
  who: 'anyone',
  about: 'report',
  run: (_, context) =>
    aboutReport(context, 'command-plan', (__, view, { cut, limits }) => ({ plans: planFold(view.plans, cut, limits) })),
}
