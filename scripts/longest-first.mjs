import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sequencer from '@jest/test-sequencer'

/**
 * Suites that take more than half a minute, the longest first. One that begins last is waited for alone, and how long they took is
 * not known on a clean clone; jest goes by the size of the files there, which says little.
 */
const LONG = [
  'native/alembic',
  'server/reviewers',
  'app/giving-up',
  'app/conversation',
  'frameworks/real/flyway',
  'rehearsal/rehearse',
  'app/roles',
  'app/threats-people',
  'action/packed',
  'app/threats-text',
  'app/leaving',
  'measured',
  'server/own-database',
  'app/newcomer',
  'frameworks/real/liquibase',
  'server/review-apart',
  'rules',
  'frameworks/real/drizzle',
  'cli/init',
]

/** The long suites first, the others as jest has them. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path, context }) => {
      const [name] = relative(join(context.config.rootDir, 'test'), path).split(sep).join('/').split('.test.ts')
      const place = LONG.indexOf(name)
      return place < 0 ? LONG.length : place
    }
    return super.sort(tests).sort((a, b) => rank(a) - rank(b))
  }
}

const gone = LONG.filter((name) => !existsSync(fileURLToPath(new URL(`../test/${name}.test.ts`, import.meta.url))))
if (gone.length > 0) throw new Error(`scripts/longest-first.mjs names suites that are not there: ${gone.join(', ')}`)
