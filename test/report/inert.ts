import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

interface Node {
  readonly type: string
  readonly value?: string
  readonly depth?: number
  readonly lang?: string | null
  readonly children?: readonly Node[]
}

/** What GitHub makes of a Markdown text: https://github.github.com/gfm/ */
function parse(markdown: string): Node {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node
}

/** What links, pictures and notes are in GitHub's Markdown; none of them is ever made from a report. */
const ALIVE: ReadonlySet<string> = new Set([
  'link',
  'linkReference',
  'image',
  'imageReference',
  'definition',
  'footnoteReference',
  'footnoteDefinition',
])

/** The HTML that the templates write themselves. */
const OWN_HTML = /^(<details><summary>[^<>]*<\/summary>|<\/details>|<!-- dba:(review|finding [0-9a-f]{16}) -->)$/

/** What GitHub itself finds in plain text: people and teams, issues and pull requests, and mathematics. */
const FOUND_IN_TEXT: readonly (readonly [string, RegExp])[] = [
  ['mention', /@[\w-]/],
  ['reference', /#\d/],
  ['reference', /\bGH-\d/i],
  ['closing', /\b(close[sd]?|fix(e[sd])?|resolve[sd]?)\b:?\s*#\d/i],
  ['address', /:\/\/|(?<![a-z0-9])www\./i],
]

/** Everything in a report that is more than text, as `kind: what`; empty is what it has to be. */
export function alive(markdown: string): readonly string[] {
  const found: string[] = []
  const walk = (node: Node): void => {
    if (ALIVE.has(node.type)) found.push(`${node.type}: ${JSON.stringify(node).slice(0, 200)}`)
    if (node.type === 'html') {
      const parts = (node.value ?? '').split('\n').filter((line) => line.trim() !== '')
      found.push(...parts.filter((part) => !OWN_HTML.test(part)).map((part) => `html: ${part}`))
    }
    if (node.type === 'text') {
      const value = node.value ?? ''
      found.push(...FOUND_IN_TEXT.filter(([, what]) => what.test(value)).map(([kind]) => `${kind}: ${value}`))
    }
    node.children?.forEach(walk)
  }
  walk(parse(markdown))
  return found
}

/** The shape of a report: its blocks in their order, and the inline nodes that are not plain text. What is said does not show. */
export function shape(markdown: string): readonly string[] {
  const lines: string[] = []
  const walk = (node: Node, depth: number): void => {
    if (node.type === 'text') return
    const detail =
      node.type === 'html' ? (node.value ?? '').replace(/<summary>.*<\/summary>/, '') : (node.depth ?? node.lang ?? '')
    lines.push(`${'  '.repeat(depth)}${node.type} ${detail}`.trimEnd())
    node.children?.forEach((child) => walk(child, depth + 1))
  }
  walk(parse(markdown), 0)
  return lines
}
