import { readFileSync } from 'node:fs'
import { accountJson, nodeId, organizationJson, repositoryJson } from './json/names.js'
import type { Installation } from './state/installations.js'
import type { Happening, World } from './state/world.js'

type Body = Readonly<Record<string, unknown>>

const EXAMPLES = new URL('../../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url)

let examples: readonly { readonly name: string; readonly examples: readonly Body[] }[] | null = null

/** A body that GitHub has sent for this event, of this action where there is one. */
export function exampleOf(event: string, action: string | null): Body | undefined {
  examples ??= JSON.parse(readFileSync(EXAMPLES, 'utf8')) as NonNullable<typeof examples>
  const known = examples.find(({ name }) => name === event)?.examples ?? []
  return known.find((example) => example.action === action) ?? known[0]
}

/** The body of a webhook: what GitHub's own example of this event has, with what really happened in place of it. */
export function webhookBody(world: World, happening: Happening, installation: Installation | null): Body {
  const { event, action, repository, parts, sender } = happening
  const example = exampleOf(event, action) ?? {}
  const filled = Object.entries(parts).map(([name, part]) => [name, over(example[name], part)])
  return {
    ...(action === null ? {} : { action }),
    ...Object.fromEntries(filled),
    repository: over(example.repository, repositoryJson(world, repository)),
    ...(repository.owner.type === 'Organization' ? { organization: organizationJson(world, repository.owner) } : {}),
    sender: accountJson(world, sender),
    ...(installation
      ? {
          installation: {
            id: installation.id,
            node_id: nodeId('MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u', installation.id),
          },
        }
      : {}),
  }
}

/** What really is, and beside it the fields that only the example has. */
function over(example: unknown, real: unknown): unknown {
  return isObject(example) && isObject(real) ? { ...example, ...real } : real
}

const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)
