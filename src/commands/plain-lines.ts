import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

type Root = ReturnType<typeof fromMarkdown>
type Block = Root['children'][number]
type Paragraph = Extract<Block, { type: 'paragraph' }>
type Inline = Paragraph['children'][number]

/** GitHub takes longer comments; nobody writes one to hold a command. */
const LONGEST = 20_000
/** More of these in a row without an empty line, or before a line, make reading slow and mean nothing. */
const MOST = { marks: 500, containers: 20 }

/**
 * The lines of a comment that are plain text to GitHub and that begin with `start`: in a paragraph of its own, outside code,
 * quotations, lists, tables, links, emphasis and HTML. Null when the comment is too long or too intricate to be read.
 */
export function plainLines(markdown: string, start: RegExp): readonly string[] | null {
  const lines = markdown.split(/\r\n|\n|\r/)
  if (!lines.some((line) => start.test(line))) return []
  if (markdown.length > LONGEST || isIntricate(lines)) return null
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  let open = 0
  return tree.children.flatMap((block) => {
    if (block.type === 'html') open = Math.max(0, open + opened(block.value))
    return block.type === 'paragraph' && open === 0 ? linesOf(block, markdown, start) : []
  })
}

function isIntricate(lines: readonly string[]): boolean {
  let marks = 0
  return lines.some((line) => {
    const containers = /^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)]))*/.exec(line)?.[0].match(/[>*+.)-]/g)?.length ?? 0
    marks = line.trim() === '' ? 0 : marks + (line.match(/[[\]*_~`<!&|]/g)?.length ?? 0)
    return containers > MOST.containers || marks > MOST.marks
  })
}

/** The lines of a paragraph whose first character is text of its own, not part of something that began before it. */
function linesOf(paragraph: Paragraph, markdown: string, start: RegExp): readonly string[] {
  const [from, to] = range(paragraph)
  const plain = plainRanges(paragraph.children)
  const found: string[] = []
  let at = markdown.lastIndexOf('\n', from - 1) + 1
  for (const line of markdown.slice(at, to).split(/(?<=\n|\r(?!\n))/)) {
    const text = line.replace(/[\r\n]+$/, '')
    const first = at + text.search(/\S|$/)
    if (start.test(text) && plain.some(([low, high]) => low <= first && first < high)) found.push(text)
    at += line.length
  }
  return found
}

/** Where text stands in no element: HTML that is open around it counts as one. */
function plainRanges(children: readonly Inline[]): readonly (readonly [number, number])[] {
  let open = 0
  return children.flatMap((child) => {
    if (child.type === 'html') open = Math.max(0, open + opened(child.value))
    return child.type === 'text' && open === 0 ? [range(child)] : []
  })
}

function range({ position }: Block | Inline): readonly [number, number] {
  return [position?.start.offset ?? 0, position?.end.offset ?? 0]
}

/** How many elements a piece of HTML opens and does not close; what has no end tag opens none. */
function opened(html: string): number {
  const bare = html.replace(/<!--[^]*?(?:-->|$)/g, '')
  return [...bare.matchAll(/<(\/?)([A-Za-z][A-Za-z0-9-]*)[^>]*?(\/?)>/g)].reduce((sum, [, close, name = '', empty]) => {
    if (close === '/') return sum - 1
    return empty === '/' || VOID.has(name.toLowerCase()) ? sum : sum + 1
  }, 0)
}

/** https://html.spec.whatwg.org/multipage/syntax.html#void-elements */
const VOID: ReadonlySet<string> = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
