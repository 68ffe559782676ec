import type { Migration, Project, Revision, Stray } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf, type Span } from '../../source/span.js'
import { throughJdbc } from '../../sql/jdbc.js'
import { isBelow, parentOf } from '../folders.js'
import type { FileIndex, MigrationFramework } from '../framework.js'
import type { ChangeSet } from './change-set.js'
import { type Changelog, changelogOf, DEEPEST, isChangelog } from './changelog.js'
import { changelogsOf, cluesIn, ID, liquibaseAt, liquibaseProjects } from './detect.js'
import { filesHashed, hashed } from './hashed.js'
import { rollbackOf } from './rollback.js'
import { scriptOf } from './script.js'

/** Liquibase: changeSets in SQL, XML, YAML and JSON, each a revision of its own within its file. */
export const liquibase: MigrationFramework = {
  id: ID,
  title: 'Liquibase',
  clues: cluesIn,
  detect: (index) => liquibaseProjects(index),
  at: liquibaseAt,
  mayAsk: (path) => isChangelog(path) || /\.(csv|tsv|txt|properties)$/i.test(path),
  rounds: DEEPEST,
  sources: (project, index) => {
    const changelogs = read(project, index)
    return [...new Set(changelogs.flatMap(({ asked }) => [...asked]))]
  },
  history(project, files) {
    const changelogs = read(project, files)
    const running = changelogs.flatMap((changelog) =>
      changelog.changeSets.filter(isRun).map((changeSet) => ({ changeSet, changelog })),
    )
    const revisions = running.map(({ changeSet, changelog }, index): Revision => {
      const before = running[index - 1]
      const parents = before === undefined ? [] : [idOf(before.changeSet)]
      return { ...revisionOf(changeSet, changelog, files), parents }
    })
    return {
      project,
      revisions,
      heads: revisions.slice(-1).map(({ id }) => id),
      strays: straysOf(project, changelogs, files),
      notes: [...changelogs.flatMap(({ notes }) => notes), ...skippedIn(changelogs)],
    }
  },
  migration(project, revision, files, reading): Migration {
    for (const changelog of read(project, files)) {
      const changeSet = byPlace(changelog).get(placeOf(revision.within ?? startOf(revision.path), revision.id))
      if (changeSet === undefined) continue
      const asked = { changelog, files, reading }
      if (changeSet.condition.kind === 'halts') {
        const { why, node } = changeSet.condition
        return { revision, up: refused(`Liquibase stops at it: ${why}`, node.at), down: { kind: 'absent' } }
      }
      return {
        revision,
        up: throughJdbc(scriptOf(changeSet, changeSet.changes, changeSet.at, asked)),
        down: throughJdbc(rollbackOf(changeSet, asked)),
      }
    }
    const at = revision.within ?? startOf(revision.path)
    return { revision, up: refused('the changeSet is no longer there', at), down: { kind: 'absent' } }
  },
}

function refused(reason: string, at: Migration['revision']['within'] & {}): Migration['up'] {
  return { kind: 'refused', cause: 'refused', reason, at }
}

const known = new WeakMap<FileIndex, Map<string, Changelog>>()

/** The changelogs of a project as far as they are read; a side is gone through once. */
function read(project: Project, files: FileIndex): readonly Changelog[] {
  const side = known.get(files) ?? new Map<string, Changelog>()
  known.set(files, side)
  return changelogsOf(project)
    .filter((path) => files.paths.includes(path))
    .map((path) => {
      const changelog = side.get(path) ?? changelogOf(path, files)
      side.set(path, changelog)
      return changelog
    })
}

function isRun({ elsewhere, condition }: ChangeSet): boolean {
  return elsewhere === null && condition.kind !== 'skipped'
}

/** As Liquibase itself names a changeSet. */
function idOf({ file, id, author }: ChangeSet): string {
  return `${file}::${id}::${author}`
}

function revisionOf(changeSet: ChangeSet, { resources }: Changelog, files: FileSet): Omit<Revision, 'parents'> {
  const { id, source, at, comment, repeatable } = changeSet
  const including = filesHashed(changeSet, resources)
  return {
    id: idOf(changeSet),
    path: source.path,
    downPath: null,
    title: comment === null || comment === '' ? id : comment,
    repeatable,
    within: at,
    hashed: hashed(changeSet, { files, resources }),
    ...(including.length === 0 ? {} : { including }),
  }
}

const places = new WeakMap<Changelog, ReadonlyMap<string, ChangeSet>>()

/** The changeSets of a changelog that run, by where they begin. */
function byPlace(changelog: Changelog): ReadonlyMap<string, ChangeSet> {
  const known = places.get(changelog)
  if (known !== undefined) return known
  const found = new Map(changelog.changeSets.filter(isRun).map((each) => [placeOf(each.at, idOf(each)), each]))
  places.set(changelog, found)
  return found
}

function placeOf({ path, start }: Span, id: string): string {
  return `${path}:${start.line}:${start.column}:${id}`
}

/** Files among included changelogs that no changelog includes. */
function straysOf({ root }: Project, changelogs: readonly Changelog[], { paths }: FileSet): readonly Stray[] {
  const asked = new Set(changelogs.flatMap((each) => [...each.asked]))
  const kindOf = (path: string): string => `${parentOf(path)}:${/\.\w+$/.exec(path)?.[0].toLowerCase() ?? ''}`
  const kinds = new Set(changelogs.flatMap((each) => [...each.read].slice(1).map(kindOf)))
  return paths
    .filter((path) => isBelow(root, path) && isChangelog(path) && !asked.has(path) && kinds.has(kindOf(path)))
    .map((path) => ({ path, reason: 'no changelog includes it' }))
}

/** A note on each file that holds nothing else than what runs on other databases, and one on all such changeSets among others. */
function skippedIn(changelogs: readonly Changelog[]): readonly Note[] {
  const all = changelogs.flatMap(({ changeSets }) => changeSets)
  const running = new Set(all.filter(isRun).map(({ source }) => source.path))
  const groups = new Map<string, ChangeSet[]>()
  for (const changeSet of all) {
    if (isRun(changeSet)) continue
    const { path } = changeSet.source
    const key = running.has(path) ? '' : path
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [changeSet])
    else group.push(changeSet)
  }
  return [...groups.values()].flatMap(([first, ...rest]): readonly Note[] => {
    if (first === undefined) return []
    const why = first.elsewhere ?? (first.condition.kind === 'skipped' ? first.condition.why : '')
    const what = rest.length === 0 ? 'a changeSet is' : `${rest.length + 1} changeSets are`
    const more = rest.length === 0 ? '' : ', and the like'
    return [{ message: `${what} no part of PostgreSQL's history: ${why}${more}`, at: first.at, bearing: 'informs' }]
  })
}
