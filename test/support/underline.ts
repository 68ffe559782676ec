import type { FileEntries } from '../../src/model/file-set.js'
import { fileSet } from '../../src/model/file-set.js'
import type { Finding } from '../../src/model/finding.js'

/** Findings as a person would point at them: the place, the line, and carets under what is meant. */
export function underline(findings: readonly Finding[], head: FileEntries): string {
  const files = fileSet(head)
  return findings
    .map(({ rule, severity, message, at, fix }) => {
      const title = `${at.path}:${at.start.line}:${at.start.column} ${severity} ${rule}\n  ${message}`
      const line = files.read(at.path)?.line(at.start.line)
      const width =
        at.end.line === at.start.line ? at.end.column - at.start.column : (line?.length ?? 0) - at.start.column + 1
      const marked =
        line === undefined
          ? ''
          : `\n  | ${line}\n  | ${' '.repeat(at.start.column - 1)}${'^'.repeat(Math.max(1, width))}`
      return `${title}${marked}${fix === null ? '' : `\n  fix:\n${fix.replace(/^/gm, '    ')}`}\n`
    })
    .join('\n')
}
