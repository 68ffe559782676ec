import type { Direction } from '../../model/finding.js'
import type { Note } from '../../model/note.js'
import type { SourceText } from '../../source/source-text.js'
import type { ByteRange, Part } from './dialect.js'
import { linesOf, type Line } from './lines.js'

// Follows https://github.com/pressly/goose/blob/main/internal/sqlparser/parser.go line by line: goose looks at lines, not at
// SQL, so a marker inside a string or a comment is a marker, and a semicolon at the end of a line ends what is sent.

const ANNOTATIONS = [
  'Up',
  'Down',
  'StatementBegin',
  'StatementEnd',
  'NO TRANSACTION',
  'ENVSUB ON',
  'ENVSUB OFF',
] as const
type Annotation = (typeof ANNOTATIONS)[number]

const CUTS = 'at a semicolon: put it between StatementBegin and StatementEnd'

interface Mistake {
  readonly line: Line
  readonly reason: string
}

/** What goose sends for one direction of a file, piece by piece. */
export function gooseSection(source: SourceText, direction: Direction): Part {
  const refuse = ({ line, reason }: Mistake): Part => ({
    kind: 'refused',
    reason: `goose refuses the file: ${reason}`,
    at: source.spanOfBytes(line.start, line.end),
  })
  const pieces: ByteRange[] = []
  const gaps: Note[] = []
  let section: Direction | null = null
  // `ended`: the line is, or comes after, a StatementEnd whose block has not been sent.
  let block: 'none' | 'open' | 'ended' = 'none'
  // What is collected and not sent yet: where it begins, and its first line that is not blank.
  let collected: number | null = null
  let pending: Line | null = null
  let wrapped = true
  let substitutes = false
  let range: ByteRange | null = null
  let last: Line | null = null

  for (const line of linesOf(source)) {
    last = line
    const comment = /^\s*--/.test(line.text)
    if (comment && line.text.includes('+goose')) {
      const annotation = annotationOf(line.text)
      if (annotation === null) return refuse({ line, reason: 'the annotation is not one that goose knows' })
      if (annotation === 'Up') {
        if (section !== null) return refuse({ line, reason: 'the Up annotation is there twice' })
        section = 'up'
        if (direction === 'up') range = { start: line.end, end: line.end }
      } else if (annotation === 'Down') {
        if (section === null) return refuse({ line, reason: 'Down stands before Up' })
        if (section === 'down') return refuse({ line, reason: 'the Down annotation is there twice' })
        if (block === 'open') return refuse({ line, reason: 'StatementEnd is missing before Down' })
        if (pending !== null) return refuse(unfinished(pending))
        collected = null
        section = 'down'
        block = 'none'
        if (direction === 'down') range = { start: line.end, end: line.end }
      } else if (annotation === 'StatementBegin') {
        if (section === null || block === 'open')
          return refuse({ line, reason: 'StatementBegin stands where none may begin' })
        block = 'open'
      } else if (annotation === 'StatementEnd') {
        if (block !== 'open') return refuse({ line, reason: 'StatementEnd has no StatementBegin' })
        block = 'ended'
      } else if (annotation === 'NO TRANSACTION') wrapped = false
      else substitutes = annotation === 'ENVSUB ON'
      if (annotation !== 'StatementEnd') continue
    }
    if (section === direction && range !== null && !(comment && block === 'ended'))
      range = { start: range.start, end: line.end }
    if (section === null) {
      if (comment || line.text.trim() === '') continue
      return refuse({ line, reason: 'there is text before the Up annotation' })
    }
    if (collected === null && (comment || line.text === '')) continue
    if (section !== direction) continue
    if (block === 'ended') {
      if (collected === null) return passedOver(source, line)
      pieces.push({ start: collected, end: line.start })
      collected = pending = null
      block = 'none'
      continue
    }
    if (substitutes && /\$/.test(line.text)) gaps.push(substituted(source, line))
    collected ??= line.start
    if (line.text.trim() !== '') pending ??= line
    if (block === 'none' && endsStatement(line.text)) {
      pieces.push({ start: collected, end: line.end })
      collected = pending = null
    }
  }
  if (last !== null && section === null) return refuse({ line: last, reason: 'the Up annotation is missing' })
  if (last !== null && block === 'open') return refuse({ line: last, reason: 'StatementEnd is missing' })
  if (pending !== null) return refuse(unfinished(pending))
  return range === null ? { kind: 'absent' } : { kind: 'sql', range, wrapped, sent: pieces, cuts: CUTS, gaps }
}

/** After a block that holds nothing goose waits for the next line, and sends an empty query in its place. */
function passedOver(source: SourceText, line: Line): Part {
  return {
    kind: 'refused',
    reason: `goose does not send line ${line.number}, since the StatementBegin before it holds nothing`,
    at: source.spanOfBytes(line.start, line.end),
  }
}

function annotationOf(line: string): Annotation | null {
  if (/^[ \t]/.test(line)) return null
  const command = line.replaceAll('--', '').replace('+goose', '').trim().toLowerCase()
  return ANNOTATIONS.find((annotation) => annotation.toLowerCase() === command) ?? null
}

/** Whether the last word before a comment ends with a semicolon, which is where goose cuts. */
function endsStatement(line: string): boolean {
  const words = line.split(/\s+/).filter((word) => word !== '')
  const comment = words.findIndex((word) => word.startsWith('--'))
  return (comment < 0 ? words : words.slice(0, comment)).at(-1)?.endsWith(';') ?? false
}

function unfinished(line: Line): Mistake {
  return { line, reason: 'the statement that begins here has no semicolon at the end of a line' }
}

function substituted(source: SourceText, line: Line): Note {
  return {
    message: `line ${line.number} takes text from the environment (ENVSUB ON), which is not known here`,
    at: source.spanOfBytes(line.start, line.end),
    bearing: 'withholds',
  }
}
