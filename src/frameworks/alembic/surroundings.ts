import type { Project, Surrounding } from '../../model/migration.js'
import type { FileSet } from '../../model/pull-request.js'
import { parse } from 'smol-toml'
import { join, nameOf } from '../folders.js'
import { configurationOf, locationsOf } from './detect.js'
import { readIni } from '../../source/ini.js'
import { parsePython, type SyntaxNode } from './python/syntax.js'

/** Files of a project that Alembic runs or reads besides the revisions, whether they are there or not. */
export function surroundingPaths({ config, ...project }: Project): readonly string[] {
  const packages = [project.root, ...locationsOf({ config, ...project }).folders]
  const configuration = config['file'] === undefined ? [] : [config['file']]
  return [...configuration, join(project.root, 'env.py'), ...packages.map((folder) => join(folder, '__init__.py'))]
}

/** What those files say, in a form that stays the same while only comments, layout or the naming of new files change. */
export function surroundingsOf(project: Project, files: FileSet): readonly Surrounding[] {
  const here = new Set(files.paths)
  return [...new Set(surroundingPaths(project))].flatMap((path) => {
    if (!here.has(path)) return []
    const text = files.read(path)?.text
    const role = path.endsWith('.py') ? 'runs' : 'configures'
    if (text === undefined) return [{ path, role, meaning: files.refusal(path)?.reason ?? 'not loaded' }]
    return [{ path, role, meaning: role === 'runs' ? code(text) : settings(path, text, project, files) }]
  })
}

/** What Alembic needs to write a new file only, and what the folders that are compared were made from. */
const ASIDE =
  /^(file_template|timezone|truncate_slug_length|output_encoding|post_write_hooks|script_location|version_locations|recursive_version_locations|(version_)?path_separator)$/

/** The words of a program, with where its blocks begin and end. */
function code(text: string): string {
  const words: string[] = []
  const cursor = parsePython(text).root.cursor()
  cursor.iterate(
    ({ name, node }) => {
      if (name === 'Comment' || (name === ',' && isLayout(node))) return false
      if (name === 'Body') words.push('{')
      // What stands between the braces of an f-string has no node of its own.
      const whole = node.firstChild === null || name === 'FormatString'
      if (whole) words.push(text.slice(node.from, node.to))
      return !whole
    },
    ({ name }) => {
      if (name === 'Body') words.push('}')
    },
  )
  return words.filter((word) => word.trim() !== '').join('\n')
}

/** A comma before a closing bracket is layout, save in a tuple. */
function isLayout({ parent, nextSibling }: SyntaxNode): boolean {
  return parent?.name !== 'TupleExpression' && /^[)\]}]$/.test(nextSibling?.name ?? '')
}

function settings(path: string, text: string, project: Project, files: FileSet): string {
  const { locations, recursive, scripts } = configurationOf(project, files) ?? {}
  return JSON.stringify([
    scripts,
    locations,
    recursive,
    nameOf(path) === 'pyproject.toml' ? ofToml(text) : ofIni(text, project),
  ])
}

function ofIni(text: string, { config }: Project): unknown {
  const section = readIni(text).sections.find(({ name }) => name === config['section'])
  return [...(section?.options ?? [])].flatMap(([name, { value }]) => (ASIDE.test(name) ? [] : [[name, value]])).sort()
}

function ofToml(text: string): unknown {
  try {
    const tool = parse(text)['tool'] as { readonly alembic?: Readonly<Record<string, unknown>> } | undefined
    return Object.entries(tool?.alembic ?? {}).filter(([name]) => !ASIDE.test(name))
  } catch {
    return 'not TOML'
  }
}
