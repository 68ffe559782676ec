import { generateKeyPairSync } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { FakeGitHub, type FakeOptions } from '../support/github/fake.js'
import type { FakeRepository } from '../support/github/state/repository.js'

export const APP_ID = 4_294_967_301
export const SECRET = 'a secret of more than thirty-two bytes, as it should be'
export const PRIVATE_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey

export const startFake = (options: Partial<FakeOptions> = {}): Promise<FakeGitHub> =>
  FakeGitHub.start({ app: { id: APP_ID, privateKey: PRIVATE_KEY, webhookSecret: SECRET }, ...options })

export const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** The real client, as the App itself. */
export const asApp = (github: FakeGitHub): Octokit =>
  new Octokit({
    baseUrl: github.url,
    log: SILENT,
    authStrategy: createAppAuth,
    auth: { appId: APP_ID, privateKey: PRIVATE_KEY },
  })

/** The real client with a token for one repository alone. */
export async function asInstallation(
  github: FakeGitHub,
  repository: FakeRepository,
  permissions?: Readonly<Record<string, 'read' | 'write'>>,
): Promise<Octokit> {
  const { data } = await asApp(github).rest.apps.createInstallationAccessToken({
    installation_id: github.installation(repository.owner.login).id,
    repository_ids: [repository.id],
    ...(permissions ? { permissions } : {}),
  })
  return new Octokit({ baseUrl: github.url, log: SILENT, auth: data.token })
}

/** What a call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await call
  } catch (error) {
    const { status, message } = error as { status: number; message: string }
    return { status, message }
  }
  throw new Error('it was not refused')
}
