import { Refusal, notFound, type Answer, type Json } from '../http/answer.js'
import type { Call, Routes } from '../http/call.js'
import { accountJson, appJson, repositoryJson } from '../json/names.js'
import type { Delivery } from '../state/deliveries.js'
import { covers, type Access, type Installation, type Permissions } from '../state/installations.js'
import type { FakeRepository } from '../state/repository.js'
import { timestamp, type World } from '../state/world.js'

/** The App itself: its installations, their tokens, its webhook's log. */
export const apps: Routes = {
  'GET /app': {
    for: 'app',
    handle: ({ world }) => ({
      status: 200,
      body: { ...appJson(world, world.app), installations_count: world.installations().length },
    }),
  },
  'GET /app/hook/config': {
    for: 'app',
    handle: ({ world: { deliveries } }) => ({
      status: 200,
      body: {
        content_type: 'json',
        insecure_ssl: '0',
        secret: '********',
        url: deliveries.url ?? '',
        ...deliveries.settings,
      },
    }),
  },
  'GET /app/hook/deliveries': { for: 'app', handle: listDeliveries },
  'GET /app/hook/deliveries/{delivery_id}': {
    for: 'app',
    handle: (call) => ({ status: 200, body: deliveryJson(deliveryOf(call), 'whole') }),
  },
  'POST /app/hook/deliveries/{delivery_id}/attempts': {
    for: 'app',
    handle: (call) => {
      call.world.deliveries.redeliver(deliveryOf(call))
      return { status: 202, body: {} }
    },
  },
  'GET /app/installations': {
    for: 'app',
    handle: (call) => call.page(call.world.installations(), (found) => installationJson(call.world, found)),
  },
  'GET /app/installations/{installation_id}': {
    for: 'app',
    handle: (call) => ({ status: 200, body: installationJson(call.world, installationOf(call)) }),
  },
  'POST /app/installations/{installation_id}/access_tokens': { for: 'app', handle: mint },
  'GET /repos/{owner}/{repo}/installation': {
    for: 'app',
    handle: ({ world, repository }) => {
      const installation = world.installationAt(repository.owner)
      if (!installation || !covers(installation, repository)) throw notFound()
      return { status: 200, body: installationJson(world, installation) }
    },
  },
  'GET /installation/repositories': {
    handle: (call) =>
      call.page(
        reachable(call),
        (repository) => repositoryJson(call.world, repository),
        (repositories, total_count) => ({
          total_count,
          repositories,
          repository_selection: call.token.repositories ? 'selected' : 'all',
        }),
      ),
  },
  'DELETE /installation/token': {
    handle: ({ token }) => {
      token.revoked = true
      return { status: 204 }
    },
  },
  'GET /rate_limit': {
    handle: ({ world, token }) => {
      const rate = world.budgets.of(token.installation.id)
      const core = { limit: rate.limit, used: rate.used, remaining: rate.remaining, reset: rate.reset }
      return { status: 200, body: { resources: { core, search: core, graphql: core }, rate: core } }
    },
  },
}

export function installationJson(world: World, installation: Installation): Json {
  const url = `${world.url}/app/installations/${installation.id}`
  const suspendedBy = installation.suspendedAt === null ? null : accountJson(world, installation.account)
  return {
    id: installation.id,
    account: accountJson(world, installation.account),
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `https://github.com/settings/installations/${installation.id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: installation.account.id,
    target_type: installation.account.type,
    permissions: installation.permissions,
    events: world.appEvents,
    created_at: timestamp(installation.createdAt),
    updated_at: timestamp(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    repository_selection: installation.selected === 'all' ? 'all' : 'selected',
    suspended_by: suspendedBy,
    suspended_at: installation.suspendedAt === null ? null : timestamp(installation.suspendedAt),
  }
}

function installationOf({ world, ...call }: Call): Installation {
  const installation = world.installationById(Number(call.params.installation_id))
  if (!installation || installation.deleted) throw notFound()
  return installation
}

function reachable({ world, token }: Call): readonly FakeRepository[] {
  return world.repositories
    .all()
    .filter((repository) => covers(token.installation, repository) && (token.repositories?.has(repository.id) ?? true))
}

function mint(call: Call): Answer {
  const { world } = call
  const installation = installationOf(call)
  if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended')
  const asked = (call.body ?? {}) as {
    repository_ids?: readonly number[]
    repositories?: readonly string[]
    permissions?: Readonly<Record<string, Access>>
  }
  const limited = asked.repository_ids !== undefined || asked.repositories !== undefined
  const owner = installation.account.login
  const chosen = [
    ...(asked.repository_ids ?? []).map((id) => world.repositories.get(id)),
    ...(asked.repositories ?? []).map((name) => world.repositories.named(`${owner}/${name}`)),
  ].map((repository) => {
    if (repository && covers(installation, repository)) return repository
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  })
  const permissions: Permissions | undefined = asked.permissions
  const token = world.tokens.mint(installation, {
    permissions,
    repositories: limited ? new Set(chosen.map(({ id }) => id)) : null,
  })
  return {
    status: 201,
    body: {
      token: token.token,
      expires_at: timestamp(token.expiresAt),
      permissions: token.permissions,
      repository_selection: limited || installation.selected !== 'all' ? 'selected' : 'all',
      ...(limited ? { repositories: chosen.map((repository) => repositoryJson(world, repository)) } : {}),
    },
  }
}

/** How long deliveries are kept in the log: three days. */
const KEPT = 259_200_000

/** Newest first, by cursor: the id of the last one that was shown. */
function listDeliveries({ world, query, linkBase, pageFault }: Call): Answer {
  const size = Math.min(100, Number(query.per_page ?? 30))
  const cursor = pageFault === 'repeated' ? undefined : query.cursor
  const before = Number(cursor?.replace('v1_', '') ?? Infinity)
  const wanted = world.deliveries.log
    .filter(
      ({ id, at, statusCode }) =>
        id < before &&
        at > world.now() - KEPT &&
        (query.status === undefined || failed(statusCode) === (query.status === 'failure')),
    )
    .reverse()
  const page = wanted.slice(0, size)
  const last = page.at(-1)
  const next = new URLSearchParams({ ...query, cursor: `v1_${last?.id}` })
  return {
    status: 200,
    body: page.map((delivery) => deliveryJson(delivery, 'row')),
    headers: wanted.length > size && pageFault !== 'truncated' ? { link: `<${linkBase}?${next}>; rel="next"` } : {},
  }
}

const failed = (status: number): boolean => status < 200 || status > 299

function deliveryOf({ world, ...call }: Call): Delivery {
  const delivery = world.deliveries.log.find(({ id }) => id === Number(call.params.delivery_id))
  if (!delivery) throw notFound()
  return delivery
}

function deliveryJson(delivery: Delivery, detail: 'row' | 'whole'): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: new Date(delivery.at).toISOString(),
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.duration) / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
    ...(detail === 'row'
      ? {}
      : {
          request: { headers: delivery.headers, payload: delivery.payload },
          response: { headers: {}, payload: delivery.answer },
        }),
  }
}
