import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'
import { onOneLine, visible, visibleBlock } from './untrusted.js'

/** The templates that come with the program. */
export const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url))

/** Templates by name, such as `check-run` for `check-run.md.hbs`. */
export interface Templates {
  /** Fills a template from plain data; throws when a template asks for what is not there. */
  render(name: string, view: object): string
}

const HELPERS = {
  code,
  codecell: codeCell,
  fence,
  diff: (value: string) => fence(value, 'diff'),
  mermaid: (value: string) => fence(value, 'mermaid'),
  shell: (value: string) => fence(value, 'sh'),
  suggestion: (value: string) => fence(value, 'suggestion'),
  cell,
  text,
  prose,
  mention,
}

/** Reads a folder of templates and its `partials`; what is between their holes is trusted, what goes into them is not. */
export function openTemplates(folder: string = TEMPLATES): Templates {
  const handlebars = Handlebars.create()
  for (const [name, helper] of Object.entries(HELPERS))
    handlebars.registerHelper(name, (value: unknown) => helper(plain(value)))
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const named = (file: string): string => file.replace(/\.md\.hbs$/, '')
  for (const file of readdirSync(join(folder, 'partials'))) {
    handlebars.registerPartial(named(file), read(join('partials', file)))
  }
  const knownHelpers = Object.fromEntries(Object.keys(HELPERS).map((name) => [name, true]))
  // Markdown has its own escapes, which the helpers know; escaping for HTML on top would show.
  const options = { strict: true, noEscape: true, knownHelpers, knownHelpersOnly: true }
  const compiled = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.md.hbs'))
      .map((file) => [named(file), handlebars.compile(read(file), options)] as const),
  )
  return {
    render: (name, view) => {
      const template = compiled.get(name)
      if (template === undefined) throw new Error(`there is no template ${name}.md.hbs in ${folder}`)
      return tidy(template(view))
    },
  }
}

/** Fills a template that makes no Markdown, such as `init/workflow.yml`; what goes into its holes has to be written for the place. */
export function renderFile(name: string, view: object): string {
  const handlebars = Handlebars.create()
  handlebars.registerHelper('yaml', (value: unknown) => scalar(plain(value)))
  handlebars.registerHelper('line', (value: unknown) => visible(onOneLine(plain(value))))
  const options = { strict: true, noEscape: true, knownHelpers: { yaml: true, line: true }, knownHelpersOnly: true }
  return handlebars.compile(readFileSync(join(TEMPLATES, `${name}.hbs`), 'utf8'), options)(view)
}

/** A value of YAML that stands for exactly this text. */
function scalar(value: string): string {
  // Between double quotes YAML reads what JSON writes.
  return /^[A-Za-z_]([\w./-]|:(?=\w))*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff]/g,
        (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
}

function plain(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new TypeError(`a template was given ${typeof value} where text belongs`)
}

/** At most one empty line in a row outside of code, and one line end at the end. */
function tidy(markdown: string): string {
  let fenced = ''
  let blank = true
  const lines = markdown.split('\n').filter((line) => {
    const mark = /^\s*(`{3,})/.exec(line)?.[1] ?? ''
    if (fenced === '' && mark !== '') fenced = mark
    else if (fenced !== '' && line.trim() === fenced) fenced = ''
    const keep = fenced !== '' || line.trim() !== '' || !blank
    blank = line.trim() === ''
    return keep
  })
  return `${lines.join('\n').trimEnd()}\n`
}

/** Inline code, whose fence is longer than any run of back-ticks inside. */
export function code(value: string): string {
  const shown = visible(value)
  if (shown.trim() === '') return ''
  const fence = '`'.repeat(longestRun(shown) + 1)
  // Between fences one space on each side is taken off again, so a back-tick at an end can be told from the fence.
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** Inline code in a table, where a bar ends the cell even in code unless it is escaped. */
export function codeCell(value: string): string {
  // A bar that follows a backslash in the text itself cannot be escaped, only shown as what it is.
  return code(value).replace(/\\\|/g, '\\\\u007c').replaceAll('|', '\\|')
}

/** A block of code in a language; a blank block is nothing. */
export function fence(value: string, language = 'sql'): string {
  const shown = visibleBlock(value).replace(/^\n+|\s+$/g, '')
  if (shown === '') return ''
  const mark = '`'.repeat(Math.max(3, longestRun(shown) + 1))
  return `${mark}${language}\n${shown}\n${mark}`
}

/** Plain text in which nothing is markup, a mention, a reference or a link. */
export function text(value: string): string {
  return (
    visible(onOneLine(value))
      .replaceAll('&', '&amp;')
      .replace(/[\\`*[\]|~]/g, '\\$&')
      .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // Between two of them GitHub sets mathematics, in any size and colour; a backslash does not keep it from that.
      .replaceAll('$', '&#36;')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      .replace(/^[-+=#]/, '\\$&')
      // An invisible space breaks what GitHub would link: names, references, addresses.
      .replace(/[@#](?=\S)/g, `$&${BREAK}`)
      .replace(/(?<![a-z0-9])GH-(?=\d)/gi, `$&${BREAK}`)
      .replace(/:(?=\/\/)/g, `:${BREAK}`)
      .replace(/(?<![a-z0-9])www(?=\.)/gi, `$&${BREAK}`)
  )
}

/** Plain text in a table. */
export function cell(value: string): string {
  return text(value)
}

/** Names of users and teams as a policy may hold them, and the number of a pull request. */
const MENTION = /^(?:@[a-z0-9][a-z0-9-]*(?:\/[a-z0-9._-]+)?|#[1-9]\d*)$/

/** A name that is called, or a pull request that is referred to: the only place where either is one. All else stays text. */
function mention(value: string): string {
  return MENTION.test(value) ? value : text(value)
}

/** A rule's own text, which is written by this project and may hold code; never what comes from a pull request. */
function prose(value: string): string {
  return onOneLine(value)
}

const BREAK = '\u200b'

function longestRun(value: string): number {
  return (value.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
}
