import type { Script } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import type { SourceText } from '../../source/source-text.js'
import type { MigrationFramework } from '../framework.js'
import { configFiles } from './configuration.js'
import { alembicAt, alembicProjects } from './detect.js'
import { environmentOf } from './environment.js'
import { alembicHistory } from './history.js'
import { importersOf } from './imports.js'
import { loadingFault } from './loading.js'
import { repositoryFrom } from './repository.js'
import { moduleOf } from './revision-file.js'
import { readRevision } from './script.js'
import { alembicSources } from './sources.js'

/** Alembic: revisions in Python, each naming its parents. The Python is read, never run. */
export const alembic: MigrationFramework = {
  id: 'alembic',
  title: 'Alembic',
  clues: configFiles,
  detect: alembicProjects,
  at: alembicAt,
  mayAsk: (path) => path.endsWith('.py') || path.endsWith('.sql'),
  sources: alembicSources,
  history: alembicHistory,
  importing: ({ revisions }, files, modules) =>
    importersOf(
      revisions.map(({ path }) => path),
      modules,
      files,
    ),
  migration(project, revision, files, reading) {
    const source = files.read(revision.path)
    if (source === undefined) {
      const refused = unreadable(revision.path, files)
      return { revision, up: refused, down: refused }
    }
    const module = moduleOf(source)
    const fault = loadingFault(source.text, module.file)
    if (fault !== null) {
      const refused = refusedAt(source, fault)
      return { revision, up: refused, down: refused }
    }
    const repository = repositoryFrom(files, revision.path)
    const { transaction, outer, naming: convention } = environmentOf(project, files)
    const naming = 'value' in convention ? convention.value : null
    const begun = 'value' in outer && outer.value
    const { up, down } = readRevision({ source, module, repository, naming, outer: begun }, reading)
    const autocommits = 'value' in transaction && transaction.value === 'none'
    const asSent = (script: Script): Script =>
      autocommits && script.kind === 'script' ? { ...script, transaction: 'none' } : script
    return { revision, up: asSent(up), down: asSent(down) }
  },
}

function refusedAt(source: SourceText, { reason, at }: NonNullable<ReturnType<typeof loadingFault>>): Script {
  return { kind: 'refused', cause: 'refused', reason, at: source.spanOfUnits(at.from, at.to) }
}

function unreadable(path: string, files: FileSet): Script {
  const { reason, line } = files.refusal(path) ?? { reason: 'the file was not loaded', line: 1 }
  const start = { line, column: 1 }
  return { kind: 'refused', cause: 'refused', reason, at: { path, start, end: start } }
}
