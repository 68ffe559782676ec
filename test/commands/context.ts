import type { FileEntries } from '../../src/model/file-set.js'
import { fileSet } from '../../src/model/file-set.js'
import type { Review } from '../../src/model/review.js'
import type { Settings } from '../../src/model/settings.js'
import type { Context } from '../../src/commands/command.js'
import { openTemplates } from '../../src/report/render.js'
import { analyse } from '../../src/review/analyse.js'
import { ON_ITS_OWN, type Circumstances } from '../../src/review/circumstances.js'
import { conclude } from '../../src/review/conclude.js'
import type { Standing } from '../../src/review/consent-right.js'
import { DEFAULTS } from '../support/settings.js'

export const CODE = '0123456789ab'
const FOLDER = 'db/migrations/'
const HEAD = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d'
const BASE = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432'

const file = (name: string, text: string) => [`${FOLDER}${name}`, { text }] as const
export const history: FileEntries = new Map([
  file(
    '000001_shop.up.sql',
    'CREATE TABLE customers (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY, total numeric, customer_id bigint);\n',
  ),
  file('000001_shop.down.sql', 'DROP TABLE orders;\nDROP TABLE customers;\n'),
])
/** A pull request with a bit of everything, of which nothing has been run. */
export const head: FileEntries = new Map([
  ...history,
  file(
    '000002_totals.up.sql',
    [
      '-- The total moves to invoices.',
      'CREATE TABLE invoices (id bigint PRIMARY KEY, total numeric);',
      'ALTER TABLE orders DROP COLUMN total;',
      'CREATE INDEX orders_customer_idx ON orders (customer_id);',
      'ALTER TABLE orders ALTER COLUMN customer_id TYPE integer;',
      '',
    ].join('\n'),
  ),
  file('000002_totals.down.sql', 'DROP INDEX orders_customer_idx;\nDROP TABLE invoices;\n'),
])

/** A static review of such files; parsers have to be there. */
export function reviewOf(
  files: FileEntries = head,
  settings: Settings = SETTINGS,
  circumstances: Partial<Circumstances> = {},
): Review {
  const analysis = analyse({ base: history, head: files, settings, today: '2026-01-15', mode: 'pull' })
  const { projects, migrations, findings, notes } = analysis
  const pull = { repository: 'acme/shop', number: 7, base: BASE, head: HEAD }
  const around = { ...ON_ITS_OWN, code: CODE, issues: 0, today: '2026-01-15', ...circumstances }
  return conclude({ pull, projects, migrations, findings, notes, rehearsals: [] }, settings, around)
}
export const SETTINGS: Settings = { ...DEFAULTS, rehearsal: { ...DEFAULTS.rehearsal, required: false } }

const user = (id: number, login: string, type = 'User') => ({ id, login, type })
export const MAINTAINER: Standing = {
  actor: user(10, 'ada'),
  viaApp: false,
  author: user(1, 'author'),
  committers: [1, 2],
  pushers: [1],
  requester: null,
  role: 'maintain',
  teams: [],
}

const templates = openTemplates()

export function contextOf(review: Review | null, some: Partial<Context> = {}): Omit<Context, 'room'> {
  const texts = fileSet(head)
  return {
    review,
    current: true,
    policy: { settings: SETTINGS, path: null, lines: {} },
    standing: MAINTAINER,
    comment: 99,
    now: '2026-01-15T10:00:00.000Z',
    consents: [],
    textOf: (span) => texts.read(span.path)?.slice(span),
    templates,
    ...some,
  }
}
