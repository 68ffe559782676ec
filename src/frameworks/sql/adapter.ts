import type { MigrationFramework } from '../framework.js'
import { isBelow } from '../folders.js'
import { projectAt, sqlProjects } from './detect.js'
import type { Dialect } from './dialect.js'
import { dialectOf } from './dialects.js'
import { withSum } from './atlas-sum.js'
import { dumpPathOf } from './dump.js'
import { historyOfNames } from './history.js'
import { readDirection } from './read.js'
import { settle } from './settle.js'

/**
 * A framework of SQL files, as one dialect names them. `history` settles which tool it is where paths could not tell, and its
 * `project` is the one to go on with.
 */
export function sqlFramework(dialect: Dialect): MigrationFramework {
  return {
    id: dialect.id,
    title: dialect.title,
    ...(dialect.clues === undefined ? {} : { clues: dialect.clues }),
    detect: (index) => sqlProjects(index).filter(({ framework }) => framework === dialect.id),
    at: (root, index) => projectAt(dialect.id, root, index),
    sources: ({ root, config }, { paths }) =>
      paths.filter((path) => {
        if (path === config['manifest'] || (dialect.id === 'dbmate' && path === dumpPathOf(root))) return true
        if (!isBelow(root, path)) return false
        const below = path.slice(root === '' ? 0 : root.length + 1)
        return dialect.wants.test(below)
      }),
    history(project, files) {
      const settled = settle(project, files)
      const dialect = dialectOf(settled.framework)
      const named = historyOfNames(settled, dialect, files.paths)
      return withSum(dialect.refine?.(named, files) ?? named, files)
    },
    migration(project, revision, files, reading) {
      const speaks = dialectOf(settle(project, files).framework)
      const up = readDirection(speaks, 'up', revision.path, files, reading)
      const downPath = revision.downPath ?? (speaks.inline ? revision.path : null)
      if (downPath === null) return { revision, up, down: { kind: 'absent' } }
      return { revision, up, down: readDirection(speaks, 'down', downPath, files, reading) }
    },
  }
}
