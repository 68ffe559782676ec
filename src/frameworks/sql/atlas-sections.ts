import type { Direction } from '../../model/finding.js'
import type { Note } from '../../model/note.js'
import type { SourceText } from '../../source/source-text.js'
import { cutsOf } from './atlas-cuts.js'
import { fileDirectives, firstDirective, type Directive } from './atlas-directives.js'
import type { ByteRange, Part } from './dialect.js'
import { linesOf } from './lines.js'

/** The direction of a file that Atlas runs: all of it on the way up, unless it is an archive of several files. */
export function atlasSection(source: SourceText, direction: Direction): Part {
  const refuse = ({ line }: Directive, reason: string): Part => ({
    kind: 'refused',
    reason,
    at: source.spanOfBytes(line.start, line.end),
  })
  const [archive] = fileDirectives(source, 'txtar')
  if (archive === undefined && direction === 'down') return { kind: 'absent' }
  const [mode, other] = fileDirectives(source, 'txmode')
  if (other !== undefined) return refuse(other, 'Atlas refuses the file: it names txmode twice')
  if (mode !== undefined && mode.value !== 'none' && mode.value !== 'file') {
    return refuse(mode, `Atlas refuses the file: txmode ${mode.value} is nothing that a file can ask for`)
  }
  const directive = firstDirective(source, 'delimiter', '-- ')
  // Blank lines and comments change nothing in what is sent but where it is cut.
  if (directive !== null && !/^(\\[nrt]|\s|;|--.*)+$/.test(directive.value)) {
    return refuse(directive, `the delimiter ${directive.value} is not read`)
  }
  const sections = archive === undefined ? null : sectionsOf(source)
  const name = direction === 'up' ? 'migration.sql' : 'down.sql'
  const [section, twice] = sections === null ? [WHOLE(source)] : sections.filter((each) => each.name === name)
  if (archive !== undefined && (twice !== undefined || (section === undefined && direction === 'up'))) {
    return refuse(archive, `the archive has ${section === undefined ? 'no' : 'more than one'} ${name}`)
  }
  if (section === undefined) return { kind: 'absent' }
  const unknown = sections?.find((each) => !/\.sql$/.test(each.name))
  if (unknown !== undefined) {
    const at = source.spanOfBytes(unknown.marker.start, unknown.marker.end)
    return { kind: 'refused', reason: `whether “${unknown.name}” begins a file of the archive is not known`, at }
  }
  const range =
    directive === null || archive !== undefined ? section.range : { ...section.range, start: directive.line.end }
  const delimiter = directive === null ? ';' : unescaped(directive.value)
  const cuts = cutsOf(source, range, delimiter)
  if (cuts.kind === 'refused') return cuts
  return {
    kind: 'sql',
    range: section.range,
    wrapped: mode?.value !== 'none',
    sent: cuts.pieces,
    cuts: `at ${directive === null ? 'a semicolon' : 'its delimiter'}: name a delimiter that it does not hold in the first line of the file, as in \`-- atlas:delimiter \\n\\n\\n\``,
    gaps: direction === 'up' ? checksOf(source, sections ?? []) : [],
  }
}

interface Section {
  readonly name: string
  readonly marker: ByteRange
  readonly range: ByteRange
}

const WHOLE = (source: SourceText): Section => ({
  name: '',
  marker: { start: 0, end: 0 },
  range: { start: 0, end: source.bytes },
})

/**
 * The files of an archive, each after a line `-- name --` (https://atlasgo.io/versioned/checks,
 * https://pkg.go.dev/golang.org/x/tools/txtar).
 */
function sectionsOf(source: SourceText): readonly Section[] {
  const markers = linesOf(source).flatMap(({ text, start, end }) => {
    const name = /^-- (.+) --$/.exec(text)?.[1]?.trim() ?? ''
    return name === '' ? [] : [{ name, marker: { start, end } }]
  })
  return markers.map((section, index) => ({
    ...section,
    range: { start: section.marker.end, end: markers[index + 1]?.marker.start ?? source.bytes },
  }))
}

/** Queries whose answers decide whether Atlas runs the migration: they are about rows that are not here. */
function checksOf(source: SourceText, sections: readonly Section[]): readonly Note[] {
  return sections
    .filter(({ name }) => /^checks(\/.*)?\.sql$/.test(name))
    .map(({ name, marker }) => ({
      message: `${name} is what Atlas asks the database before it runs the migration; it is not asked here`,
      at: source.spanOfBytes(marker.start, marker.end),
      bearing: 'informs',
    }))
}

/** A delimiter as it stands in a file, with its line ends and tabs. */
function unescaped(delimiter: string): string {
  return delimiter.replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t')
}
