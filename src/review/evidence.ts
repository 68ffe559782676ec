import { lintEvidence } from '../lint/evidence.js'
import type { Rehearsal } from '../model/evidence.js'
import { fileSet, type FileEntries } from '../model/file-set.js'
import type { Finding } from '../model/finding.js'
import type { Note } from '../model/note.js'
import type { Settings } from '../model/settings.js'
import { rules } from '../rules/index.js'
import type { Analysis } from './analyse.js'
import { driftNotes } from './drift-notes.js'
import { excerptsOf } from './excerpts.js'

/** The findings and notes of an analysis, and those that what was rehearsed adds to them. */
export function withEvidence(
  analysis: Pick<Analysis, 'projects' | 'migrations' | 'findings' | 'notes' | 'changed'>,
  rehearsals: readonly Rehearsal[],
  files: { readonly base: FileEntries; readonly head: FileEntries },
  settings: Settings,
): { readonly findings: readonly Finding[]; readonly notes: readonly Note[] } {
  const { projects, migrations, changed } = analysis
  const base = fileSet(files.base)
  const excerpt = excerptsOf(base, fileSet(files.head))
  const { findings, notes } = lintEvidence({
    projects,
    migrations,
    rehearsals,
    findings: analysis.findings,
    rules,
    settings,
    changed,
    merged: (path) => base.read(path)?.text,
    excerpt,
  })
  return { findings, notes: [...analysis.notes, ...notes, ...driftNotes(rehearsals)] }
}
