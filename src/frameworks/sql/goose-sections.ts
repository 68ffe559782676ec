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
  let block = false
  let pending: Line | null = null
  let wrapped = true
  let substitutes = false
  let range: ByteRange | null = null
  let last: Line | null = null

  for (const line of linesOf(source)) {
    last = line
    if (/^\s*--/.test(line.text) && line.text.includes('+goose')) {
      const annotation = annotationOf(line.text)
      if (annotation === null) return refuse({ line, reason: 'the annotation is not one that goose knows' })
      if (annotation === 'Up') {
        if (section !== null) return refuse({ line, reason: 'the Up annotation is there twice' })
        section = 'up'
        if (direction === 'up') range = { start: line.end, end: line.end }
      } else if (annotation === 'Down') {
        if (section === null) return refuse({ line, reason: 'Down stands before Up' })
        if (section === 'down') return refuse({ line, reason: 'the Down annotation is there twice' })
        if (block) return refuse({ line, reason: 'StatementEnd is missing before Down' })
        if (pending !== null) return refuse(unfinished(pending))
        section = 'down'
        if (direction === 'down') range = { start: line.end, end: line.end }
      } else if (annotation === 'StatementBegin') {
        if (section === null || block) return refuse({ line, reason: 'StatementBegin stands where none may begin' })
        block = true
      } else if (annotation === 'StatementEnd') {
        if (!block) return refuse({ line, reason: 'StatementEnd has no StatementBegin' })
        block = false
        if (section === direction && pending !== null) pieces.push({ start: pending.start, end: line.start })
        pending = null
      } else if (annotation === 'NO TRANSACTION') wrapped = false
      else substitutes = annotation === 'ENVSUB ON'
      continue
    }
    if (section === direction && range !== null) range = { start: range.start, end: line.end }
    if (pending === null && (/^\s*--/.test(line.text) || line.text === '')) continue
    if (section === null) {
      if (line.text.trim() === '') continue
      return refuse({ line, reason: 'there is text before the Up annotation' })
    }
    if (section !== direction) continue
    if (substitutes && /\$/.test(line.text)) gaps.push(substituted(source, line))
    pending ??= line.text.trim() === '' ? null : line
    if (!block && pending !== null && endsStatement(line.text)) {
      pieces.push({ start: pending.start, end: line.end })
      pending = null
    }
  }
  if (last !== null && section === null) return refuse({ line: last, reason: 'the Up annotation is missing' })
  if (last !== null && block) return refuse({ line: last, reason: 'StatementEnd is missing' })
  if (pending !== null) return refuse(unfinished(pending))
  return range === null ? { kind: 'absent' } : { kind: 'sql', range, wrapped, sent: pieces, gaps }
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
