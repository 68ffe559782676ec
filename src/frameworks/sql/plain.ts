import type { Dialect } from './dialect.js'
import { foreignMarker } from './markers.js'
import { canonical, compareNumbers, strayOrNobody, titleOf } from './naming.js'
import { wholeFile } from './whole-file.js'

const NAME = /^(?:(up|down)\/)?(\d+)([^\d/][^/]*)?\.sql$/i
/** As postgrator has it: what is done, and then what it is about. */
const ACTION = /^\.(do|undo)(?:\.(.*))?$/
const REPEATABLE = /^R__(.+)\.sql$/
const DOWN = /[._-](down|rollback|undo|revert)$/i
const UP = /[._-](up|apply|do)$/i

/**
 * Numbered SQL files of no known tool, taken to run in order, each statement on its own, as `psql -f` does. `R__name.sql` beside
 * them is what several runners call a repeatable migration. A down has a name of its own, `001_name_down.sql`, `001.undo.name.sql`
 * and the like, or lies in a folder `down` beside the folder `up`.
 */
export const plain: Dialect = {
  id: 'sql',
  title: 'Numbered SQL files',
  inline: false,
  wants: /^((up|down)\/)?[^/]+\.sql[^/]*$/i,
  conventions: ({ numbering, hasDowns }) => ({
    tool: 'SQL files',
    hashesFiles: false,
    // Home-made runners with running numbers keep the highest one; those with timestamps keep a list.
    lateVersion: numbering === 'sequential' ? 'skipped' : 'applied',
    reactions: {
      edited: 'a runner does not run it again, so databases that ran the old text never get the change',
      deleted: 'databases that ran it keep its version in their books',
      late: 'a runner that keeps the highest number skips it silently on every database that is past it',
      duplicate: 'a runner cannot tell them apart',
    },
    numbering,
    downs: hasDowns ? 'expected' : 'optional',
    bookkeeping: ['schema_migrations', 'schema_version', 'migrations'],
    withoutTransaction: 'leave out BEGIN and COMMIT',
    rollback: null,
    filePattern: numbering === 'timestamp' ? '20230101000000_name.sql' : '001_name.sql',
  }),
  place(path) {
    const again = REPEATABLE.exec(path)?.[1]
    if (again !== undefined) return { kind: 'repeatable', name: path, title: titleOf(again) }
    const match = NAME.exec(path)
    if (match === null)
      return strayOrNobody(
        path.replace(/^(up|down)\//, ''),
        'its name does not begin with a number, as those beside it do',
      )
    const [, folder, digits = '', name = ''] = match
    const [, action, about = ''] = ACTION.exec(name) ?? []
    const title = titleOf(action === undefined ? name.replace(DOWN, '').replace(UP, '') : about)
    const isDown = folder === 'down' || action === 'undo' || DOWN.test(name)
    return { kind: isDown ? 'down' : 'up', version: canonical(digits), title }
  },
  compare: compareNumbers,
  part({ source }) {
    const marker = foreignMarker(source)
    return marker === null ? wholeFile(source, false, 'statements') : { kind: 'refused', ...marker }
  },
}
