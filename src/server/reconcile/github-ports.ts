import type { Api, Requests } from '../../github/api.js'
import { endCheck, findCheck } from '../../github/checks.js'
import { commentsOf, type Comment } from '../../github/comments.js'
import { listPages } from '../../github/pages.js'
import { openPulls } from '../../github/pulls.js'
import { shapeOf } from '../../github/shape.js'
import { announce } from '../../report/announcement.js'
import { act } from '../effects.js'
import { commandIn } from '../events.js'
import type { Repository } from '../installations.js'
import { apiOf, type Workshop } from '../workshop.js'
import type { LoggedDelivery, ReconcilePorts } from './ports.js'

const DELIVERIES = 'GET /app/hook/deliveries'
const DELIVERY = 'GET /app/hook/deliveries/{delivery_id}'
const INSTALLATIONS = 'GET /app/installations'
const REPOSITORIES = 'GET /installation/repositories'
const NAMED = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'

/** What the loops that look for what was missed ask of GitHub. */
export function githubPorts(shop: Workshop): ReconcilePorts<Comment> {
  const { auth, appId, database } = shop
  const open = (repository: Repository): Api => apiOf(repository, shop)
  return {
    deliveries: (cursor) => deliveries(auth.app, cursor),
    async delivery(id) {
      const shape = shapeOf(DELIVERY)
      const found = shape.members((await auth.app.request(DELIVERY, { delivery_id: id })).data)
      const payload = shape.members(shape.members(found['request'])['payload'])
      return { event: shape.text(found['event']), payload }
    },
    installations: async () =>
      whole(
        await listPages(auth.app, {
          route: INSTALLATIONS,
          read: (value, shape) => {
            const found = shape.members(value)
            const account =
              found['account'] === null ? null : shape.textOrNull(shape.members(found['account'])['login'])
            return { id: shape.number(found['id']), account, suspended: typeof found['suspended_at'] === 'string' }
          },
          key: ({ id }) => id,
        }),
      ),
    async repositories(installation) {
      const token = auth.tokens({ installation, repositoryId: null })
      return whole(
        await listPages(auth.requests(token), {
          route: REPOSITORIES,
          member: 'repositories',
          read: (value, shape): Repository => {
            const found = shape.members(value)
            const owner = shape.text(shape.members(found['owner'])['login'])
            return { id: shape.number(found['id']), installation, owner, name: shape.text(found['name']) }
          },
          key: ({ id }) => id,
        }),
      )
    },
    async openPulls(repository, since) {
      const pulls = whole(await openPulls(open(repository)))
      return pulls
        .filter(({ updatedAt }) => since === null || updatedAt >= since)
        .map(({ number, head, base }) => ({ number, head: head.sha, target: base.ref }))
    },
    async comments(repository, pull, since) {
      return whole(await commentsOf(open(repository), pull, since === null ? {} : { since }))
    },
    async offer({ id, installation }, pull, comment) {
      const command = commandIn(pull, comment)
      if (command === null) return false
      const [known] = await database.query('SELECT FROM dba.commands WHERE comment_id = $1', [command.comment])
      if (known !== undefined) return false
      await act(database, [{ kind: 'command', installation, repository: id, ...command }])
      return true
    },
    async actual(repository, { head }, run) {
      const api = open(repository)
      const { items } = await listPages(api, {
        route: NAMED,
        parameters: { ref: head, check_name: 'dba', filter: 'all' },
        member: 'check_runs',
        read: (value, shape) => {
          const found = shape.members(value)
          return {
            id: shape.number(found['id']),
            app: found['app'] === null ? 0 : shape.number(shape.members(found['app'])['id']),
            status: shape.text(found['status']),
            conclusion: shape.textOrNull(found['conclusion']),
          }
        },
        key: ({ id }) => id,
      })
      const ours = items.find(({ id }) => id === run)
      if (ours === undefined) return null
      const others = items.filter(({ app }) => app !== appId).length
      return { status: ours.status, conclusion: ours.conclusion, others }
    },
    async closeRun(repository, { head }) {
      const api = open(repository)
      const run = await findCheck(api, head, appId)
      if (run === null || run.status === 'completed') return
      const ending = { conclusion: 'failure', ...announce(shop.templates, 'lost') } as const
      await endCheck(api, run, ending, { completedAt: shop.now() })
    },
  }
}

async function deliveries(
  app: Requests,
  cursor: string | null,
): Promise<{ readonly items: readonly LoggedDelivery[]; readonly next: string | null }> {
  const shape = shapeOf(DELIVERIES)
  const { data, headers } = await app.request(DELIVERIES, { per_page: 100, ...(cursor === null ? {} : { cursor }) })
  const items = shape.list(data).map((value): LoggedDelivery => {
    const found = shape.members(value)
    return {
      id: shape.number(found['id']),
      guid: shape.text(found['guid']),
      deliveredAt: shape.date(found['delivered_at']),
    }
  })
  const next = /<[^>]*[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(String(headers['link'] ?? ''))?.[1]
  return { items, next: next === undefined ? null : decodeURIComponent(next) }
}

/** A list of which nothing may be missing: else nothing is concluded from it. */
function whole<Item>({
  items,
  complete,
}: {
  readonly items: readonly Item[]
  readonly complete: true | { readonly incomplete: string }
}): readonly Item[] {
  if (complete !== true) throw new Error(`a list is not complete: ${complete.incomplete}`)
  return items
}
