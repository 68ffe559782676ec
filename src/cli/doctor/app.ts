import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { type Api, type Connection, openApi } from '../../github/api.js'
import { openAppAuth, type AppAuth } from '../../github/app-auth.js'
import { openByName, readBranch, rulesOf } from '../../github/branches.js'
import { memoryCache } from '../../github/cache.js'
import { failedWith } from '../../github/errors.js'
import {
  installationOn,
  readHook,
  readRegistration,
  recentAttempts,
  type Installed,
  type Registration,
} from '../../github/registration.js'
import { openCommit } from '../../github/snapshot.js'
import { credentialFrom, type Credential } from '../../server/credential.js'
import type { Io, Problem } from '../io.js'
import { look, right, unseen, wrong, type Finding } from './finding.js'
import { manifestIn, type Manifest } from './manifest.js'
import { approverFindings, policyFindings } from './policy.js'
import { grantFindings, registrationFindings } from './registration.js'
import { queueFindings, requiredFindings } from './required-check.js'
import { deliveryFindings, hookFindings } from './webhook.js'

const MANIFEST = new URL('../../../app.yml', import.meta.url)

/** The outside as far as the App's doctor needs it. */
export type Line = Omit<Connection, 'baseUrl'>

/** What is to be said of the App, and of one repository when it is named as `owner/name`. */
export async function appFindings(target: string | null, io: Io, line: Line): Promise<readonly Finding[] | Problem> {
  const named = /^([\w.-]+)\/([\w.-]+)$/.exec(target ?? '')
  if (target !== null && named === null) return { problem: `${target} is no repository: name one as OWNER/NAME.` }
  const credential = credentialOf(io)
  if ('problem' in credential) return credential
  const connection: Connection = { ...line, baseUrl: credential.apiUrl }
  const auth = openAppAuth(credential, connection)
  const manifest = manifestIn(readFileSync(MANIFEST, 'utf8'))

  io.progress('Asking GitHub about the App')
  const registered = await registrationOf(auth, credential)
  if (!('page' in registered)) return [registered]
  const { name, page } = registered
  const app = [
    right(`The key is that of the App ${name} (${page})`),
    ...registrationFindings(registered, manifest),
    ...(await look('The address of the webhook', async () => hookFindings(await readHook(auth.app)))),
    ...(await look('The deliveries', async () => deliveryFindings(await recentAttempts(auth.app)))),
  ]
  if (named === null) return app
  io.progress('Asking GitHub about the repository')
  const [, owner = '', repository = ''] = named
  const place = { owner, name: repository }
  return [
    ...app,
    ...(await look(`The repository ${target}`, () =>
      repositoryFindings(place, { auth, connection, registered, manifest }),
    )),
  ]
}

/** Who the App is, from the environment or, as for the App itself, from `.env` of this folder. */
function credentialOf({ cwd, environment }: Io): Credential | Problem {
  const credential = credentialFrom({ ...dotEnv(cwd), ...environment }, (path) =>
    readFileSync(resolve(cwd, path), 'utf8'),
  )
  if (!('unregistered' in credential)) return credential
  return {
    problem:
      'Who the App is is not known: run this where its .env is, or set APP_ID and PRIVATE_KEY or PRIVATE_KEY_PATH.',
  }
}

function dotEnv(folder: string): Io['environment'] {
  try {
    return parseEnv(readFileSync(resolve(folder, '.env'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

async function registrationOf({ app }: AppAuth, { appId, apiUrl }: Credential): Promise<Registration | Finding> {
  try {
    return await readRegistration(app)
  } catch (error) {
    if (failedWith(error, 'unauthorized', 'not-found')) {
      const remedy =
        'APP_ID and PRIVATE_KEY have to be of one App, and GITHUB_API_URL has to name the GitHub on which it is registered'
      return wrong(`${apiUrl} does not accept the key for the App ${appId} (${error.message})`, remedy)
    }
    const [unanswered] = await look('The App', () => Promise.reject(error as Error))
    return unanswered ?? unseen('The App could not be looked at')
  }
}

interface Around {
  readonly auth: AppAuth
  readonly connection: Connection
  readonly registered: Registration
  readonly manifest: Manifest
}

async function repositoryFindings(
  place: { readonly owner: string; readonly name: string },
  { auth, connection, registered, manifest }: Around,
): Promise<readonly Finding[]> {
  const full = `${place.owner}/${place.name}`
  const installed = await installationOn(auth.app, place.owner, place.name)
  if (installed === null)
    return [wrong(`The App is not installed on ${full}`, `install it there, from ${registered.page}`)]
  if (installed.suspended) {
    return [wrong(`The installation on ${full} is suspended`, `its owner has to unsuspend it at ${installed.page}`)]
  }
  const grants = [right(`The App is installed on ${full}`), ...grantFindings(installed, registered, manifest)]
  const { api, defaultBranch } = await openByName(place, installed.id, { auth, connection })
  const branch = await readBranch(api, defaultBranch)
  const rules = await look(`The rules of ${defaultBranch}`, async () => {
    const { required, mergeQueue } = await rulesOf(api, defaultBranch)
    return [
      ...requiredFindings([...branch.required, ...required], defaultBranch, registered.id),
      ...queueFindings(defaultBranch, mergeQueue, installed),
    ]
  })
  const policy = await look('The policy', async () => {
    const { findings, approval } = await policyFindings(
      await openCommit(api, branch.sha, memoryCache()),
      `${defaultBranch} of ${full}`,
    )
    if (approval === null) return findings
    return [...findings, ...(await approverFindings(approval, api, teamsOf(api, installed, { auth, connection })))]
  })
  return [...grants, ...rules, ...policy]
}

/** The way to read teams; null where the owner has not granted it. */
function teamsOf(
  { repository }: Api,
  { id, permissions }: Installed,
  { auth, connection }: Pick<Around, 'auth' | 'connection'>,
): Api | null {
  if (!('members' in permissions)) return null
  const asked = { metadata: 'read', members: 'read' } as const
  return openApi(repository, {
    connection,
    token: auth.tokens({ installation: id, repositoryId: repository.id, permissions: asked }),
  })
}
