import { schemaFold } from '../report/page-change.js'
import type { Command } from './command.js'
import { aboutReport } from './reply.js'

export const diff: Command = {
  name: 'diff',
  usage: 'diff',
  summary: 'what each migration does to the schema, as a diff',
  who: 'anyone',
  about: 'report',
  run: (_, context) =>
    aboutReport(context, 'command-diff', (__, view, { cut, limits }) => ({
      schemas: schemaFold(view.schemas, cut, limits),
    })),
}
