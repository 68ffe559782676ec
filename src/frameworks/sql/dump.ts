import type { History } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import { join, parentOf } from '../folders.js'

/**
 * Where dbmate writes the schema after every command, unless told otherwise: beside the folder of migrations
 * (https://github.com/amacneil/dbmate#exporting-schema-file). The dump ends with the versions that have been applied.
 */
export function dumpPathOf(root: string): string {
  return join(parentOf(root), 'schema.sql')
}

/** The history with what its dump says, in its project: `dump` is its path, `dumpLacks` the first version that is not in it. */
export function withDump(history: History, files: FileSet): History {
  const { project, revisions } = history
  const dump = dumpPathOf(project.root)
  const text = files.read(dump)?.text
  if (text === undefined || !text.includes('schema_migrations')) return history
  const lacks = revisions.find(({ id }) => !text.includes(`'${id}'`))
  const config = { ...project.config, dump, ...(lacks === undefined ? {} : { dumpLacks: lacks.id }) }
  return { ...history, project: { ...project, config } }
}
