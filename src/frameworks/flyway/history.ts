import type { History, Project, Revision, Stray } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf } from '../../source/span.js'
import { isBelow, nameOf, parentOf } from '../folders.js'
import { otherDatabaseOf } from '../other-database.js'
import { compareText } from '../sql/naming.js'
import { configurationsIn } from './configuration/files.js'
import { profilesOf } from './configuration/profiles.js'
import { flywayProjects } from './detect.js'
import { factsOf, isForAnother, isLocated, membersOf, projectOf, type Facts, type Member } from './project.js'
import { settingsOf } from './settings.js'
import { isAside, surroundingsOf } from './surroundings.js'
import { compareVersions, show, type Version } from './version.js'

/** A file with a version. */
interface Versioned extends Member {
  readonly version: Version
  readonly description: string
}

/** The project as the configuration of one side tells it: a pull request may change that. */
export function asOn(project: Project, files: FileSet): Project {
  const here = flywayProjects(files).find(({ root }) => root === project.root)
  return here ?? projectOf(factsOf(project), files.paths, project.root)
}

/** What Flyway applies, in its order: versions as numbers, a baseline behind the version that it stands for, then repeatable ones by their descriptions. */
export function flywayHistory(detected: Project, files: FileSet): History {
  const project = asOn(detected, files)
  const facts = factsOf(project)
  const members = membersOf(project.root, facts, files.paths)
  const versioned = members.flatMap((member): readonly Versioned[] =>
    'version' in member.named
      ? [{ ...member, version: member.named.version, description: member.named.description }]
      : [],
  )
  const of = (kind: Member['named']['kind']): readonly Versioned[] =>
    versioned.filter(({ named }) => named.kind === kind).sort(inOrder)
  const undos = of('undo')
  const ups = [...of('versioned'), ...of('baseline')].sort(inOrder)
  const undoOf = (up: Versioned): Versioned | undefined =>
    up.named.kind === 'versioned'
      ? undos.find((undo) => !undo.code && compareVersions(undo.version, up.version) === 0)
      : undefined
  const ids = [...new Set(ups.map(idOf))]
  const before = new Map(ids.map((id, index) => [id, ids.slice(Math.max(0, index - 1), index)]))
  const revisions = ups.map((up): Revision => ({
    id: idOf(up),
    parents: before.get(idOf(up)) ?? [],
    path: up.path,
    downPath: undoOf(up)?.path ?? null,
    title: up.description,
    repeatable: false,
    ...(up.named.kind === 'baseline' ? { baseline: true } : {}),
  }))
  const used = new Set(revisions.map(({ downPath }) => downPath))
  const again = repeatables(members)
  const profiles = profilesOf(facts.folders, files, isAside)
  return {
    project,
    revisions: [...revisions, ...again.revisions],
    heads: ids.slice(-1),
    strays: [
      ...undos.filter(({ path }) => !used.has(path)).map(strayUndo),
      ...straysOf(project, facts, members, files.paths),
    ],
    surroundings: [...surroundingsOf(facts, members, files), ...profiles.surroundings],
    notes: [...again.notes, ...notesOn(project, facts, ups, files), ...profiles.notes],
  }
}

/** By version; a baseline comes after the version that it stands for. */
function inOrder(a: Versioned, b: Versioned): number {
  const isBaseline = ({ named }: Versioned): number => (named.kind === 'baseline' ? 1 : 0)
  return compareVersions(a.version, b.version) || isBaseline(a) - isBaseline(b) || compareText(a.path, b.path)
}

function idOf({ named, version }: Versioned): string {
  return named.kind === 'baseline' ? `B${show(version)}` : show(version)
}

/** Repeatable migrations, known by their descriptions. */
function repeatables(members: readonly Member[]): Pick<History, 'revisions' | 'notes'> {
  const found = members
    .flatMap(({ path, named }) => (named.kind === 'repeatable' ? [{ path, description: named.description }] : []))
    .sort((a, b) => compareText(a.description, b.description) || compareText(a.path, b.path))
  const twice = found.filter(({ description }, i) => description === found[i - 1]?.description)
  return {
    revisions: found.map(({ path, description }) => ({
      id: twice.some((each) => each.path === path) ? path : `R ${description}`,
      parents: [],
      path,
      downPath: null,
      title: description,
      repeatable: true,
    })),
    notes: twice.map(({ path, description }): Note => ({
      message: `Flyway stops before it runs anything: another repeatable migration is called “${description}” as well`,
      at: startOf(path),
      bearing: 'withholds',
    })),
  }
}

function strayUndo({ path, version, code }: Versioned): Stray {
  const reason = code ? 'an undo in code is not read' : `there is no migration of version ${show(version)} to undo`
  return { path, reason }
}

function straysOf(
  { root }: Project,
  facts: Facts,
  members: readonly Member[],
  paths: readonly string[],
): readonly Stray[] {
  const { validatesNames, suffixes } = settingsOf(facts.told)
  const invalid = members.flatMap(({ path, named }): readonly Stray[] =>
    named.kind === 'invalid'
      ? [{ path, reason: named.reason, ...(validatesNames ? { stops: true as const } : {}) }]
      : [],
  )
  const known = new Set(members.map(({ path }) => path))
  const passed = paths.filter(
    (path) =>
      /\.sql$/i.test(path) &&
      !known.has(path) &&
      (isLocated(facts.folders, path) || (root !== '' && isBelow(root, path))) &&
      !isLocated(facts.except, path) &&
      !isForAnother(root, path),
  )
  const reasonOf = (path: string): string =>
    isLocated(facts.folders, path)
      ? `its name ends with none of ${suffixes.join(', ')}`
      : 'it lies in none of Flyway’s locations'
  return [...invalid, ...passed.map((path) => ({ path, reason: reasonOf(path) }))]
}

function notesOn({ root }: Project, facts: Facts, ups: readonly Versioned[], files: FileSet): readonly Note[] {
  const informs = (message: string, at: Note['at'] = null): Note => ({ message, at, bearing: 'informs' })
  const others = new Map<string, string>()
  for (const path of files.paths) {
    const isMine = /\.sql$/i.test(path) && (isLocated(facts.folders, path) || (root !== '' && isBelow(root, path)))
    if (isMine && isForAnother(root, path) && !others.has(parentOf(path))) others.set(parentOf(path), path)
  }
  const [file = null] = facts.files
  const unread = configurationsIn(files).flatMap(({ file, module, unread }) =>
    unread === null || !isBelow(module, root) ? [] : [{ file, ...unread }],
  )
  const baseline = ups.findLast(({ named }) => named.kind === 'baseline')
  const replaced =
    baseline === undefined ? [] : ups.slice(0, ups.indexOf(baseline)).filter(({ named }) => named.kind === 'versioned')
  return [
    ...[...others].map(([folder, path]) =>
      informs(`${folder} is by its name for ${otherDatabaseOf(folder)}, and not reviewed`, startOf(path)),
    ),
    ...facts.elsewhere.map((location) =>
      informs(
        `Flyway’s location ${location} is not in the repository as far as its configuration tells`,
        file === null ? null : startOf(file),
      ),
    ),
    ...unread.map(({ file, reason, line }): Note => {
      const start = { line, column: 1 }
      const message = `${nameOf(file)} could not be read, so how it sets Flyway is not known: ${reason}`
      return { message, at: { path: file, start, end: start }, bearing: 'withholds' }
    }),
    ...(baseline === undefined || replaced.length === 0
      ? []
      : [
          informs(
            `an empty database begins with the baseline ${nameOf(baseline.path)} and runs none of the ${replaced.length} ` +
              'migrations up to its version; so does the replay',
            startOf(baseline.path),
          ),
        ]),
    ...schemasNote(facts, file),
  ]
}

function schemasNote(facts: Facts, file: string | null): readonly Note[] {
  const [schema] = settingsOf(facts.told).schemas
  if (schema === undefined || schema === 'public') return []
  const message =
    `Flyway is set to work in the schema ${schema}, which it creates; here the migrations are replayed with that schema ` +
    'first in the search path'
  return [{ message, at: file === null ? null : startOf(file), bearing: 'informs' }]
}
