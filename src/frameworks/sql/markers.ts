import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import { hasSections } from './node-pg-migrate-sections.js'

/** Which tool's up and down markers a file carries, if any. */
export function markersOf(source: SourceText): 'goose' | 'dbmate' | 'node-pg-migrate' | null {
  const { text } = source
  if (/^--.*\+goose\s+up\b/im.test(text)) return 'goose'
  if (/^--\s*migrate:(up|down)\b/m.test(text)) return 'dbmate'
  return hasSections(source) ? 'node-pg-migrate' : null
}

const FOREIGN: readonly { readonly tool: string; readonly pattern: RegExp }[] = [
  { tool: 'sql-migrate', pattern: /^--\s*\+migrate\s+(up|down)\b/im },
  { tool: 'micrate', pattern: /^--\s*\+micrate\s+(up|down)\b/im },
  { tool: 'Liquibase', pattern: /^--\s*liquibase formatted sql/im },
  { tool: 'tern', pattern: /^----\s*create above \/ drop below\s*----/im },
  { tool: 'Drizzle', pattern: /^--> statement-breakpoint/m },
  { tool: 'MyBatis Migrations', pattern: /^--\s*\/\/\s*@UNDO/im },
  { tool: 'goose', pattern: /^--.*\+goose\b/im },
  { tool: 'dbmate', pattern: /^--\s*migrate:(up|down)\b/m },
]

/** A marker of a tool whose files cannot be taken as plain SQL: part of the file is another direction. */
export function foreignMarker(source: SourceText): { readonly reason: string; readonly at: Span } | null {
  for (const { tool, pattern } of FOREIGN) {
    const match = pattern.exec(source.text)
    if (match === null) continue
    const at = source.spanOfUnits(match.index, match.index + match[0].length)
    return {
      reason: `the file carries markers of ${tool}, which the files beside it do not use or which is not read yet`,
      at,
    }
  }
  return null
}
