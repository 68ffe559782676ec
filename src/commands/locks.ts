import { lockPage } from '../report/page.js'
import type { Command } from './command.js'
import { aboutReport } from './reply.js'

export const locks: Command = {
  name: 'locks',
  usage: 'locks',
  summary: 'the lock of each statement, as foreseen and as seen in the rehearsal, and what it blocks',
  who: 'anyone',
  about: 'report',
  run: (_, context) =>
    aboutReport(context, 'command-locks', (__, view, { cut, limits }) => ({
      locks: lockPage(view.locks, cut, limits),
    })),
}
