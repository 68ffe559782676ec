import { clashPage } from '../report/page.js'
import type { Command } from './command.js'
import { aboutReport } from './reply.js'

export const conflicts: Command = {
  name: 'conflicts',
  usage: 'conflicts',
  summary: 'other open pull requests that take the same version, follow the same revision or change the same table',
  who: 'anyone',
  about: 'report',
  run: (_, context) =>
    aboutReport(context, 'command-conflicts', (review, view, { cut, limits }) => ({
      unseen: review.clashes === null,
      clashes: clashPage(view.clashes, cut, limits),
    })),
}
