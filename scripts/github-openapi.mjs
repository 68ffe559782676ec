/**
 * Makes test/support/github/openapi.json: what GitHub's own OpenAPI description says of the routes that this program
 * uses, and no more than is needed to check a request and its answer.
 *
 *   node scripts/github-openapi.mjs [FOLDER]
 *
 * The description is the npm package @octokit/openapi (MIT). It is too large to be a dependency (385 MB), so that it is
 * fetched into a folder of its own, or read from FOLDER (a package that was unpacked already).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PACKAGE = '@octokit/openapi'
const VERSION = '23.0.2'
const TARGET = new URL('../test/support/github/openapi.json', import.meta.url)

const REPO = '/repos/{owner}/{repo}'
const ROUTES = {
  '/app': ['get'],
  '/app/hook/config': ['get'],
  '/app/hook/deliveries': ['get'],
  '/app/hook/deliveries/{delivery_id}': ['get'],
  '/app/hook/deliveries/{delivery_id}/attempts': ['post'],
  '/app/installations': ['get'],
  '/app/installations/{installation_id}': ['get'],
  '/app/installations/{installation_id}/access_tokens': ['post'],
  '/installation/repositories': ['get'],
  '/installation/token': ['delete'],
  '/orgs/{org}/teams/{team_slug}': ['get'],
  '/orgs/{org}/teams/{team_slug}/members': ['get'],
  '/orgs/{org}/teams/{team_slug}/memberships/{username}': ['get'],
  '/rate_limit': ['get'],
  '/users/{username}': ['get'],
  [REPO]: ['get'],
  [`${REPO}/branches/{branch}`]: ['get'],
  [`${REPO}/branches/{branch}/protection`]: ['get'],
  [`${REPO}/check-runs`]: ['post'],
  [`${REPO}/check-runs/{check_run_id}`]: ['get', 'patch'],
  [`${REPO}/check-runs/{check_run_id}/annotations`]: ['get'],
  [`${REPO}/check-runs/{check_run_id}/rerequest`]: ['post'],
  [`${REPO}/check-suites/{check_suite_id}`]: ['get'],
  [`${REPO}/check-suites/{check_suite_id}/check-runs`]: ['get'],
  [`${REPO}/check-suites/{check_suite_id}/rerequest`]: ['post'],
  [`${REPO}/collaborators/{username}`]: ['get'],
  [`${REPO}/collaborators/{username}/permission`]: ['get'],
  [`${REPO}/commits`]: ['get'],
  [`${REPO}/commits/{commit_sha}/pulls`]: ['get'],
  [`${REPO}/commits/{ref}`]: ['get'],
  [`${REPO}/commits/{ref}/check-runs`]: ['get'],
  [`${REPO}/commits/{ref}/check-suites`]: ['get'],
  [`${REPO}/compare/{basehead}`]: ['get'],
  [`${REPO}/contents/{path}`]: ['get'],
  [`${REPO}/git/blobs/{file_sha}`]: ['get'],
  [`${REPO}/git/commits/{commit_sha}`]: ['get'],
  [`${REPO}/git/matching-refs/{ref}`]: ['get'],
  [`${REPO}/git/ref/{ref}`]: ['get'],
  [`${REPO}/git/trees/{tree_sha}`]: ['get'],
  [`${REPO}/installation`]: ['get'],
  [`${REPO}/issues/{issue_number}`]: ['get'],
  [`${REPO}/issues/{issue_number}/comments`]: ['get', 'post'],
  [`${REPO}/issues/comments`]: ['get'],
  [`${REPO}/issues/comments/{comment_id}`]: ['get', 'patch', 'delete'],
  [`${REPO}/issues/comments/{comment_id}/reactions`]: ['get', 'post'],
  [`${REPO}/issues/comments/{comment_id}/reactions/{reaction_id}`]: ['delete'],
  [`${REPO}/pulls`]: ['get'],
  [`${REPO}/pulls/{pull_number}`]: ['get'],
  [`${REPO}/pulls/{pull_number}/comments`]: ['get', 'post'],
  [`${REPO}/pulls/{pull_number}/commits`]: ['get'],
  [`${REPO}/pulls/{pull_number}/files`]: ['get'],
  [`${REPO}/pulls/{pull_number}/reviews`]: ['get', 'post'],
  [`${REPO}/pulls/{pull_number}/reviews/{review_id}`]: ['get', 'put'],
  [`${REPO}/pulls/{pull_number}/reviews/{review_id}/comments`]: ['get'],
  [`${REPO}/pulls/{pull_number}/reviews/{review_id}/dismissals`]: ['put'],
  [`${REPO}/pulls/comments/{comment_id}`]: ['get', 'patch', 'delete'],
  [`${REPO}/rules/branches/{branch}`]: ['get'],
  [`${REPO}/tarball/{ref}`]: ['get'],
}

/** What a schema may say that matters for checking. */
const KEPT = new Set(
  (
    'type enum const format minimum maximum minLength maxLength minItems maxItems uniqueItems pattern required ' +
    'additionalProperties minProperties'
  ).split(' '),
)
const LISTS = ['anyOf', 'oneOf', 'allOf']

const description = read(process.argv[2])
const wanted = new Set()
const paths = Object.fromEntries(
  Object.entries(ROUTES).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((method) => [method, operation(path, method)])),
  ]),
)
const schemas = {}
for (const name of wanted) schemas[name] = schema(description.components.schemas[name])

correct()

const { name, url } = description.info.license
writeFileSync(
  TARGET,
  `${JSON.stringify({
    source: `${PACKAGE} ${VERSION}, made smaller by scripts/github-openapi.mjs`,
    license: `${name} (${url}), Copyright (c) 2020 Octokit contributors`,
    paths,
    schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
  })}\n`,
)
console.log(`${TARGET.pathname}: ${Object.keys(paths).length} paths, ${Object.keys(schemas).length} schemas`)

/** Where GitHub answers otherwise than it says. */
function correct() {
  // An account is a user or an enterprise: `allOf` was meant to be `anyOf`, as it is wherever else an installation is.
  paths['/app/installations'].get.responses[200] = { type: 'array', items: { $ref: '#/schemas/installation' } }
  // A fork may have been deleted since.
  for (const pull of ['pull-request', 'pull-request-simple']) {
    const head = schemas[pull].properties.head.properties
    head.repo = { anyOf: [head.repo, { type: 'null' }] }
  }
  // A comment that is outdated stands nowhere.
  const comment = schemas['pull-request-review-comment'].properties
  for (const key of ['line', 'position']) comment[key] = { type: ['integer', 'null'] }
}

function read(folder) {
  const file = join('generated', 'api.github.com.json')
  if (folder) return JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const scratch = mkdtempSync(join(tmpdir(), 'github-openapi-'))
  try {
    execFileSync('npm', ['pack', '--silent', `${PACKAGE}@${VERSION}`], { cwd: scratch })
    execFileSync('tar', ['xzf', `octokit-openapi-${VERSION}.tgz`, `package/${file}`], { cwd: scratch })
    return JSON.parse(readFileSync(join(scratch, 'package', file), 'utf8'))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function operation(path, method) {
  const found = description.paths[path]?.[method]
  if (!found) throw new Error(`GitHub's description has no ${method} ${path}`)
  const body = found.requestBody?.content?.['application/json']?.schema
  return {
    parameters: (found.parameters ?? []).map(resolved).map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      ...(parameter.required ? { required: true } : {}),
      schema: schema(parameter.schema),
    })),
    ...(body ? { body: schema(body), ...(found.requestBody.required ? { bodyRequired: true } : {}) } : {}),
    responses: Object.fromEntries(
      Object.entries(found.responses).map(([status, response]) => [
        status,
        Number(status) < 300 ? answer(resolved(response)) : null,
      ]),
    ),
  }
}

function answer(response) {
  const found = Object.entries(response.content ?? {}).find(([type]) => /json/.test(type))
  return found?.[1].schema ? schema(found[1].schema) : null
}

function resolved(value) {
  if (!value.$ref) return value
  return value.$ref
    .slice(2)
    .split('/')
    .reduce((part, key) => part[key], description)
}

/** JSON Schema of an OpenAPI 3.0 schema: `nullable` becomes a type of its own, words for people are left out. */
function schema(value) {
  if (value.$ref) {
    const name = value.$ref.replace('#/components/schemas/', '')
    wanted.add(name)
    return { $ref: `#/schemas/${name}` }
  }
  const kept = {}
  for (const [key, part] of Object.entries(value)) {
    if (key === 'properties') kept.properties = mapValues(part, schema)
    else if (key === 'items') kept.items = schema(part)
    else if (LISTS.includes(key)) kept[key] = part.map(schema)
    else if (key === 'additionalProperties' && typeof part === 'object') kept[key] = schema(part)
    else if (KEPT.has(key)) kept[key] = part
  }
  if (!value.nullable) return kept
  if (LISTS.some((key) => key in kept) || typeof kept.type !== 'string') return { anyOf: [kept, { type: 'null' }] }
  return {
    ...kept,
    type: [kept.type, 'null'],
    ...(kept.enum && !kept.enum.includes(null) ? { enum: [...kept.enum, null] } : {}),
  }
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}
