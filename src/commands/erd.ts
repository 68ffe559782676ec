import { pictureFold } from '../report/page-change.js'
import type { Command } from './command.js'
import { aboutReport } from './reply.js'

export const erd: Command = {
  name: 'erd',
  usage: 'erd',
  summary: 'a picture of the changed tables and their neighbours',
  who: 'anyone',
  about: 'report',
  run: (_, context) =>
    aboutReport(context, 'command-erd', (__, view, { cut, limits }) => ({
      pictures: pictureFold(view.pictures, cut, limits),
    })),
}
