import type { Note } from '../../model/note.js'
import type { SourceText } from '../../source/source-text.js'
import { startOf, type Span } from '../../source/span.js'
import type { FileIndex } from '../framework.js'
import { type ChangeSet, changeSetOf } from './change-set.js'
import { formattedSql, isFormatted } from './formatted-sql.js'
import { isForPostgres } from './filters.js'
import { chosenIn } from './include-all.js'
import { childrenOf, flagIn, mapped, type Node, textIn, type Tree } from './node.js'
import { preconditionOf } from './preconditions.js'
import { properties } from './properties.js'
import { filesOfChange } from './referenced.js'
import { type Resources, resourcesOf } from './resources.js'
import { xmlTree } from './xml-tree.js'
import { yamlTree } from './yaml-tree.js'

/** Everything that a first changelog leads to, in Liquibase's order. */
export interface Changelog {
  readonly changeSets: readonly ChangeSet[]
  /** Files whose text is needed, whether it is there already or not. */
  readonly asked: ReadonlySet<string>
  /** The changelogs that were read. */
  readonly read: ReadonlySet<string>
  readonly notes: readonly Note[]
  readonly resources: Resources
  /** A text of a changelog with all properties filled in. */
  readonly expand: (text: string, file: string) => string
  /** Comments of the changelogs, which may speak to the reviewer. */
  readonly comments: ReadonlyMap<string, readonly { readonly text: string; readonly span: Span }[]>
}

/** A side as far as it was read. */
export interface Texts extends FileIndex {
  refusal?(path: string): { readonly reason: string; readonly line: number } | undefined
}

const MOST_FILES = 5_000
const MOST_CHANGE_SETS = 50_000
/** How many changelogs may lie between the first and the last. */
export const DEEPEST = 40

/** What a file gives to those that it includes. */
interface Passed {
  readonly chain: readonly string[]
  readonly contexts: readonly string[]
  readonly logicalPath: string | null
  readonly includePath: string | null
  readonly elsewhere: string | null
}

/** Follows a changelog and all that it includes, as far as their texts are there. */
export function changelogOf(root: string, texts: Texts): Changelog {
  const resources = resourcesOf(root, texts)
  const known = properties()
  const asked = new Set<string>()
  const read = new Set<string>()
  const notes: Note[] = []
  const changeSets: ChangeSet[] = []
  const comments = new Map<string, Changelog['comments'] extends ReadonlyMap<string, infer Each> ? Each : never>()
  let visits = 0

  const withhold = (message: string, at: Span): void => {
    notes.push({ message, at, bearing: 'withholds' })
  }
  const text = (path: string): SourceText | undefined => {
    asked.add(path)
    return texts.read?.(path)
  }

  const visit = (path: string, passed: Passed, at: Span): void => {
    if (passed.chain.includes(path)) return withhold(`${path} includes itself, on which Liquibase stops`, at)
    if (passed.chain.length > DEEPEST) return withhold('changelogs include one another too deeply to be followed', at)
    if (++visits > MOST_FILES) {
      if (visits === MOST_FILES + 1)
        withhold(`more than ${MOST_FILES} changelogs are included; the rest is not read`, at)
      return
    }
    const source = text(path)
    if (source === undefined) {
      const refusal = texts.refusal?.(path)
      if (refusal !== undefined) {
        const start = { line: refusal.line, column: 1 }
        withhold(`the changelog cannot be read: ${refusal.reason}`, { path, start, end: start })
      } else withhold('the changelog was not loaded', startOf(path))
      return
    }
    read.add(path)
    const tree = treeOf(source)
    if (tree.kind === 'refused') return withhold(`the changelog cannot be read: ${tree.reason}`, tree.at)
    comments.set(path, tree.comments)
    load(tree.root, source, passed)
  }

  const load = (given: Node, source: SourceText, passed: Passed): void => {
    const changelog = given.name === '' ? childrenOf(given, 'databaseChangeLog')[0] : given
    if (changelog?.name !== 'databaseChangeLog') {
      return withhold('the file has no databaseChangeLog', given.at)
    }
    const name = resources.nameOf(source.path)
    const isYaml = /\.(ya?ml|json)$/i.test(source.path)
    const expand = (value: string): string => known.expand(value, name)
    const define = (node: Node): void => {
      const file = textIn(node, 'file')
      known.define(mapped(node, expand), name, file === null ? null : propertyFile(node, file, source))
    }
    // YAML and JSON are filled in when all of the file's properties are set, the other formats on the way.
    if (isYaml) childrenOf(changelog, 'property').forEach(define)
    const own = textIn(changelog, 'logicalFilePath')
    const logicalPath = own === null ? passed.logicalPath : expand(own)
    const top = preconditionOf(childrenOf(changelog, 'preConditions'))
    const elsewhere =
      top.kind === 'halts' || top.kind === 'skipped'
        ? 'the preconditions of its changelog ask for another database'
        : passed.elsewhere
    const inner: Passed = { ...passed, chain: [...passed.chain, source.path], logicalPath, elsewhere }
    for (const child of changelog.children) {
      if (changeSets.length > MOST_CHANGE_SETS) {
        return withhold(`there are more than ${MOST_CHANGE_SETS} changeSets; the rest is not read`, child.at)
      }
      handle(child, inner)
    }

    function handle(child: Node, within: Passed): void {
      switch (child.name) {
        case 'property':
          if (!isYaml) define(child)
          return
        case 'changeSet': {
          const before = known.unknown.size
          const node = mapped(child, expand)
          const unset = [...known.unknown].slice(before)
          const changeSet = changeSetOf(node, {
            file: clean(within.logicalPath ?? within.includePath) ?? name,
            source,
            quotesAll: (textIn(changelog as Node, 'objectQuotingStrategy') ?? 'LEGACY') !== 'LEGACY',
            contexts: within.contexts,
            elsewhere: within.elsewhere,
          })
          changeSets.push({ ...changeSet, unset })
          if (changeSet.elsewhere !== null) return
          for (const change of [
            ...changeSet.changes,
            ...(changeSet.rollback ?? []).flatMap(({ children }) => children),
          ]) {
            for (const found of filesOfChange(change, source.path, resources)) asked.add(found)
          }
          return
        }
        case 'include':
        case 'includeAll':
          return include(mapped(child, expand), within, source)
        case 'modifyChangeSets':
          for (const each of child.children) if (/^include/.test(each.name)) handle(each, within)
          return
        case 'removeChangeSetProperty':
          if (isForPostgres(textIn(child, 'dbms'))) {
            withhold('removeChangeSetProperty is not followed: it changes what the changeSets after it do', child.at)
          }
      }
    }
  }

  const propertyFile = (node: Node, file: string, source: SourceText): string | null => {
    const found = resources.file(file, source.path, flagIn(node, 'relativeToChangelogFile') ?? false)
    const lines = 'path' in found ? text(found.path) : undefined
    if (lines === undefined) withhold(`the file of properties ${file} cannot be read`, node.at)
    return lines?.text ?? null
  }

  const include = (node: Node, passed: Passed, source: SourceText): void => {
    const context = textIn(node, 'contextFilter') ?? textIn(node, 'context')
    const inner: Passed = {
      ...passed,
      contexts: context === null ? passed.contexts : [...passed.contexts, context],
      includePath: textIn(node, 'logicalFilePath') ?? passed.includePath,
      elsewhere: flagIn(node, 'ignore') === true ? 'the include that leads to it is ignored' : passed.elsewhere,
    }
    const relative = flagIn(node, 'relativeToChangelogFile') ?? false
    const missing = (reason: string, flag: string): void => {
      const message = `${node.name}: ${reason}`
      if (flagIn(node, flag) === false) notes.push({ message, at: node.at, bearing: 'informs' })
      else withhold(message, node.at)
    }
    if (node.name === 'include') {
      const name = textIn(node, 'file')
      if (name === null) return withhold('include names no file', node.at)
      const found = resources.file(name, source.path, relative)
      if ('problem' in found) return missing(found.problem, 'errorIfMissing')
      return visit(found.path, inner, node.at)
    }
    const name = textIn(node, 'path')
    if (name === null) return withhold('includeAll names no path', node.at)
    const found = resources.folder(name, source.path, relative)
    if ('problem' in found) return missing(found.problem, 'errorIfMissingOrEmpty')
    const chosen = chosenIn(found, node)
    if (typeof chosen === 'string') return withhold(`includeAll: ${chosen}`, node.at)
    if (chosen.length === 0) return missing(`nothing in ${name} is as it asks`, 'errorIfMissingOrEmpty')
    for (const path of chosen) if (isChangelog(path)) visit(path, inner, node.at)
  }

  visit(root, { chain: [], contexts: [], logicalPath: null, includePath: null, elsewhere: null }, startOf(root))
  notes.push(...known.notes)
  return { changeSets, asked, read, notes, resources, comments, expand: known.expand }
}

/** Whether Liquibase has a parser for a file of this name. */
export function isChangelog(path: string): boolean {
  return /\.(xml|ya?ml|json|sql)$/i.test(path)
}

const trees = new WeakMap<SourceText, Tree>()

function treeOf(source: SourceText): Tree {
  const known = trees.get(source)
  if (known !== undefined) return known
  const tree = parsed(source)
  trees.set(source, tree)
  return tree
}

function parsed(source: SourceText): Tree {
  if (/\.xml$/i.test(source.path)) return xmlTree(source)
  if (/\.(ya?ml|json)$/i.test(source.path)) return yamlTree(source)
  return isFormatted(source) ? formattedSql(source) : rawSql(source)
}

/** SQL that is not formatted for Liquibase is one changeSet, and is sent whole (`liquibase.parser.core.sql.SqlChangeLogParser`). */
function rawSql(source: SourceText): Tree {
  const at = source.spanOfUnits(0, source.text.trimEnd().length)
  const leaf = { value: null, children: [], at, offsetOf: null }
  if (source.text === '') return { kind: 'refused', reason: 'it is empty', at }
  const sql: Node = {
    ...leaf,
    name: 'sql',
    value: source.text,
    offsetOf: (index) => index,
    children: [{ ...leaf, name: 'splitStatements', value: 'false' }],
  }
  const changeSet: Node = {
    ...leaf,
    name: 'changeSet',
    children: [{ ...leaf, name: 'id', value: 'raw' }, { ...leaf, name: 'author', value: 'includeAll' }, sql],
  }
  return { kind: 'tree', root: { ...leaf, name: 'databaseChangeLog', children: [changeSet] }, comments: [] }
}

function clean(path: string | null): string | null {
  return path === null
    ? null
    : path
        .replace(/^classpath:/, '')
        .replaceAll('\\', '/')
        .replace(/^\//, '')
}
