import type { RefreshMatViewStmt, ViewStmt } from '@pgsql/types'
import { readsIn } from '../expression.js'
import { outputNames } from './output-names.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { relationName, strings } from './tree.js'
import { usedColumns } from './used-columns.js'

/** CREATE VIEW. */
export const readCreateView: Reader<ViewStmt> = ({ view, query, replace, aliases }, place) => [
  {
    kind: 'create-view',
    span: spanOfAll(place),
    view: relationName(view),
    materialized: false,
    replace: replace === true,
    ifNotExists: false,
    temporary: view?.relpersistence === 't',
    withData: true,
    reads: readsIn(query),
    columns: outputNames(query, strings(aliases)),
    uses: usedColumns(query),
  },
]

/** REFRESH MATERIALIZED VIEW. */
export const readRefresh: Reader<RefreshMatViewStmt> = ({ relation, concurrent, skipData }, place) => [
  {
    kind: 'refresh-materialized-view',
    span: spanOfAll(place),
    view: relationName(relation),
    concurrently: concurrent === true,
    withData: skipData !== true,
  },
]
