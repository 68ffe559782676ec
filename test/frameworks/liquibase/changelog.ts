import { detectProjects, frameworkOf } from '../../../src/frameworks/index.js'
import type { FileSet } from '../../../src/model/pull-request.js'
import { type Read, sketch, tree } from '../tree.js'

const HEADER =
  '<?xml version="1.0" encoding="UTF-8"?>\n<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">'

/** A changelog in XML with these changeSets, or whatever else it holds. */
export function xml(body: string): string {
  return `${HEADER}\n${body}\n</databaseChangeLog>\n`
}

/** A changelog in XML with one changeSet of these changes. */
export function changes(body: string): string {
  return xml(`<changeSet id="1" author="a">${body}</changeSet>`)
}

/** What Liquibase's framework says of a tree. */
export function readTree(files: Readonly<Record<string, string>> | FileSet): Read {
  const set = 'read' in files ? (files as FileSet) : tree(files as Readonly<Record<string, string>>)
  const project = detectProjects(set).find(({ framework }) => framework === 'liquibase')
  if (project === undefined) throw new Error('no project of Liquibase was found')
  const framework = frameworkOf(project)
  const history = framework.history(project, set)
  const reading = { postgres: 16, thorough: false }
  return {
    history,
    migrations: history.revisions.map((revision) => framework.migration(history.project, revision, set, reading)),
  }
}

/** The up and the down of the only changeSet of a changelog, in a line each. */
export function sketches(
  text: string,
  name = 'db.changelog-master.xml',
): { readonly up: string; readonly down: string } {
  const [migration, ...rest] = readTree({ [name]: text }).migrations
  if (migration === undefined || rest.length > 0) throw new Error('there is not one changeSet')
  return { up: sketch(migration.up), down: sketch(migration.down) }
}
