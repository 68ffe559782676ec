import { repository } from '../tree.js'
import { installedTool, withTool } from './fetching.js'
import { behaves, ran, type Place, type Run } from './scene.js'

const files = repository('sqitch-basic')
const BASE = Object.fromEntries(files.paths.map((path) => [path, files.read(path)?.text ?? '']))
const PLAN = 'db/sqitch.plan'
const plan = BASE[PLAN] ?? ''
const WHO = '2024-03-01T09:00:00Z Ann Example <ann@example.com> # Why'
const X = { 'db/deploy/x.sql': 'CREATE TABLE shop.x (id int);', 'db/revert/x.sql': 'DROP TABLE shop.x;' }

const command =
  (...words: readonly string[]) =>
  ({ folder, address: { host, port, user, password, database } }: Place): Promise<Run> => {
    const target = `db:pg://${user}@${host}:${port}/${database}`
    return ran('sqitch', ['--chdir', folder, ...words, '--target', target], folder, {
      PGPASSWORD: password ?? '',
      SQITCH_FULLNAME: 'Ann Example',
      SQITCH_EMAIL: 'ann@example.com',
      SQITCH_USER_CONFIG: '/dev/null',
      SQITCH_SYSTEM_CONFIG: '/dev/null',
    })
  }

await withTool(
  installedTool('sqitch', 'Sqitch with DBD::Pg and psql (Debian: sqitch libdbd-pg-perl postgresql-client)'),
  async () => {
    await behaves(
      { id: 'sqitch', books: 'sqitch', up: command('deploy', '--verify') },
      ['sqitch-basic'],
      [
        {
          name: 'it does not look at an edited script',
          base: BASE,
          pull: { 'db/deploy/schema.sql': 'CREATE SCHEMA stall;' },
          stops: null,
          tables: 'shop.orders',
          finding: 'Sqitch does not run it again, so databases that ran the old text never get the change',
        },
        {
          name: 'it stops at a change that comes before what it deployed',
          base: BASE,
          pull: { ...X, [PLAN]: plan.replace('@v1 ', `x ${WHO}\n@v1 `) },
          stops: /Cannot find .* in the plan|Cannot find change|not find/i,
          tables: 'shop.orders',
          finding: 'out-of-order-migration',
        },
        {
          name: 'it stops when a change is gone from the plan',
          base: BASE,
          pull: {
            [PLAN]: plan
              .split('\n')
              .filter((line) => !/^(shop\/open_orders|@v1)/.test(line))
              .join('\n'),
            'db/deploy/shop/open_orders.sql': null,
            'db/deploy/shop/open_orders@v1.sql': null,
          },
          stops: /not find|Cannot find/i,
          tables: 'shop.orders',
          finding: 'Sqitch finds another change in its place in the plan, and stops',
        },
        {
          name: 'it stops at two changes of one name without a tag in between',
          base: BASE,
          pull: { ...X, [PLAN]: `${plan}x ${WHO}\nx ${WHO}\n` },
          stops: /Change "x" duplicates earlier declaration/,
          tables: 'shop.orders',
          finding: null,
        },
        {
          name: 'a reworked change is deployed again, and the old one is known by its tag',
          base: BASE,
          pull: {
            [PLAN]: `${plan}@v2 ${WHO}\nshop/open_orders ${WHO}\n`,
            'db/deploy/shop/open_orders@v2.sql': BASE['db/deploy/shop/open_orders.sql'] ?? '',
            'db/revert/shop/open_orders@v2.sql': BASE['db/revert/shop/open_orders.sql'] ?? '',
            'db/verify/shop/open_orders@v2.sql': BASE['db/verify/shop/open_orders.sql'] ?? '',
            'db/deploy/shop/open_orders.sql': 'CREATE TABLE shop.more (id int);',
            'db/verify/shop/open_orders.sql': 'SELECT id FROM shop.more;',
          },
          stops: null,
          tables: 'shop.more shop.orders',
          finding: null,
        },
        {
          name: 'what does not verify is reverted',
          base: BASE,
          pull: { ...X, 'db/verify/x.sql': 'SELECT missing FROM shop.x;', [PLAN]: `${plan}x ${WHO}\n` },
          stops: /column "missing" does not exist/,
          tables: 'shop.orders',
          finding: null,
        },
      ],
    )
  },
)
