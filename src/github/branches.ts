import { type Api, openApi, type Connection, type TokenSource } from './api.js'
import type { AppAuth } from './app-auth.js'
import { GitHubError } from './errors.js'
import { listPages } from './pages.js'
import { type Shape, shapeOf } from './shape.js'

/** A check that has to pass before a branch is merged into. */
export interface RequiredCheck {
  readonly name: string
  /** The App whose check counts; null for any source. */
  readonly source: number | null
}

/** A branch as its protection has it. */
export interface Branch {
  readonly sha: string
  readonly required: readonly RequiredCheck[]
}

/** What active rulesets, of the repository or of its organisation, say of a branch. */
export interface Rules {
  readonly required: readonly RequiredCheck[]
  readonly mergeQueue: boolean
}

const REPOSITORY = 'GET /repos/{owner}/{repo}'
const BRANCH = 'GET /repos/{owner}/{repo}/branches/{branch}'
const RULES = 'GET /repos/{owner}/{repo}/rules/branches/{branch}'

/** Opens a repository that is known by its name alone, for reading; its number is asked for with a token that reads no content. */
export async function openByName(
  { owner, name }: { readonly owner: string; readonly name: string },
  installation: number,
  { auth, connection }: { readonly auth: AppAuth; readonly connection: Connection },
): Promise<{ readonly api: Api; readonly defaultBranch: string }> {
  const open = (id: number, token: TokenSource): Api => openApi({ id, owner, name }, { connection, token })
  const permissions = { metadata: 'read' } as const
  const shape = shapeOf(REPOSITORY)
  const first = open(0, auth.tokens({ installation, repositoryId: null, permissions }))
  const found = shape.members((await first.request(REPOSITORY)).data)
  const id = shape.number(found['id'])
  const reading = { ...permissions, contents: 'read' } as const
  return {
    api: open(id, auth.tokens({ installation, repositoryId: id, permissions: reading })),
    defaultBranch: shape.text(found['default_branch']),
  }
}

/** Reads a branch and what its protection requires. */
export async function readBranch(api: Api, branch: string): Promise<Branch> {
  const shape = shapeOf(BRANCH)
  const found = shape.members((await api.request(BRANCH, { branch })).data)
  return {
    sha: shape.object(shape.members(found['commit'])['sha']),
    required: protectionOf(found['protection'], shape),
  }
}

/** Protection lists names, and beside them names with sources; an older server has only the names. */
function protectionOf(protection: unknown, shape: Shape): readonly RequiredCheck[] {
  if (protection === undefined || protection === null) return []
  const { required_status_checks: checks } = shape.members(protection)
  if (checks === undefined || checks === null) return []
  const found = shape.members(checks)
  if (found['enforcement_level'] === 'off') return []
  const sourced = shape.list(found['checks'] ?? []).map((value) => {
    const check = shape.members(value)
    return { name: shape.text(check['context']), source: sourceOf(check['app_id'], shape) }
  })
  const names = shape.list(found['contexts'] ?? []).map((name) => shape.text(name))
  const bare = names.filter((name) => !sourced.some((each) => each.name === name))
  return [...sourced, ...bare.map((name) => ({ name, source: null }))]
}

/** Reads what rulesets say of a branch. */
export async function rulesOf(api: Api, branch: string): Promise<Rules> {
  const { items, complete } = await listPages(api, {
    route: RULES,
    parameters: { branch },
    read: (value, shape) => {
      const rule = shape.members(value)
      const type = shape.text(rule['type'])
      return { type, set: String(rule['ruleset_id']), required: type === CHECKS ? requiredBy(rule, shape) : [] }
    },
    key: ({ type, set }) => `${set} ${type}`,
  })
  if (complete !== true) throw new GitHubError('garbled', `${RULES}: the list is not complete: ${complete.incomplete}`)
  return {
    required: items.flatMap(({ required }) => required),
    mergeQueue: items.some(({ type }) => type === 'merge_queue'),
  }
}

const CHECKS = 'required_status_checks'

function requiredBy(rule: Readonly<Record<string, unknown>>, shape: Shape): readonly RequiredCheck[] {
  return shape.list(shape.members(rule['parameters'])[CHECKS]).map((value) => {
    const check = shape.members(value)
    return { name: shape.text(check['context']), source: sourceOf(check['integration_id'], shape) }
  })
}

/** Any source is said by nothing, or by -1. */
function sourceOf(value: unknown, shape: Shape): number | null {
  if (value === null || value === undefined) return null
  const id = shape.number(value)
  return id < 0 ? null : id
}
