import type { History, Migration, Project, Revision } from '../model/migration.js'
import type { FileSet } from '../model/pull-request.js'
import type { SourceText } from '../source/source-text.js'
import type { Reading } from '../sql/script.js'

/** The paths of one side of a snapshot, with those texts that were read so far. */
export interface FileIndex {
  readonly paths: readonly string[]
  read?(path: string): SourceText | undefined
}

/** Knows one tool's files. Reads no disk, runs no code, throws for no bad file. */
export interface MigrationFramework {
  readonly id: string
  readonly title: string
  /** Files whose text tells `detect` more than paths can: the tool's own configuration. */
  clues?(index: FileIndex): readonly string[]
  /** Judged on paths, and on those of its clues that were read. */
  detect(index: FileIndex): readonly Project[]
  /** The project at a folder that the team names, when there are files that could be it. */
  at?(root: string, index: FileIndex): Project | null
  /** Whether a text that was read may ask for this file, which `sources` did not name before; false where none ever does. */
  mayAsk?(path: string): boolean
  /**
   * How many times over what was read may ask for more: a file that another asks for is one time. Absent: as often as `gathered`
   * allows everyone; of a tool that goes on as long as its files lead on, so many that no project comes near.
   */
  readonly rounds?: number
  /** Paths whose text `history` and `migration` need, as far as what was read so far tells. */
  sources(project: Project, index: FileIndex): readonly string[]
  /** Every file of the project is in a revision, a stray or a note. Its `project` knows more than `detect` could; go on with that. */
  history(project: Project, files: FileSet): History
  /** By the path of a revision, which of these modules its code imports, itself or through others; absent where code cannot. */
  importing?(history: History, files: FileSet, modules: ReadonlySet<string>): ReadonlyMap<string, readonly string[]>
  migration(project: Project, revision: Revision, files: FileSet, reading: Reading): Migration
}
