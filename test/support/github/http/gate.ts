import { allows, covers, type Access, type Installation, type Token } from '../state/installations.js'
import type { FakeRepository } from '../state/repository.js'
import type { World } from '../state/world.js'
import { notFound, Refusal } from './answer.js'
import type { Principal, Route } from './call.js'
import type { Violation } from './log.js'

type Note = (kind: Violation['kind'], message: string) => void

/** Who sends this, by its `authorization` header. `verify` refuses what the App did not sign. */
export function principalOf(
  world: World,
  authorization: string | undefined,
  verify: (jwt: string) => void,
  note: Note,
): Principal {
  const [, characters] = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? '') ?? []
  if (characters === undefined) {
    note('credentials', 'a request without credentials')
    throw new Refusal(401, 'Requires authentication')
  }
  if (characters.split('.').length === 3) {
    verify(characters)
    return { kind: 'app' }
  }
  const token = world.tokens.find(characters)
  if (!token) throw new Refusal(401, 'Bad credentials')
  if (token.installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended')
  return { kind: 'installation', token }
}

/** Refuses, as GitHub does, who may not use this route on this repository; notes what a correct program would not try. */
export function admit(
  principal: Principal,
  route: Route,
  asked: { readonly method: string; readonly repository: FakeRepository | null },
  note: Note,
): void {
  const wanted = route.for ?? 'installation'
  if (wanted !== 'both' && principal.kind !== wanted) {
    note('credentials', `it is for ${wanted} credentials, and was given ${principal.kind} ones`)
    throw wanted === 'app'
      ? new Refusal(401, 'A JSON web token could not be decoded')
      : new Refusal(403, 'Resource not accessible by integration')
  }
  if (principal.kind === 'app') return
  const { token } = principal
  if (asked.repository && !reaches(token, asked.repository)) {
    note('tenant', `a token for ${named(token)} was used on ${asked.repository.fullName}`)
    if (asked.repository.private || asked.method === 'GET') throw notFound()
    throw new Refusal(403, 'Resource not accessible by integration')
  }
  const needs = route.needs ?? []
  if (needs.length === 0 || needs.some((need) => grants(token.permissions, need))) return
  if (needs.some((need) => grants(token.installation.permissions, need))) {
    note('permission', `the token lacks ${needs.join(' or ')}`)
  }
  const accepted = needs.map((need) => need.replace(':', '=')).join('; ')
  throw new Refusal(403, 'Resource not accessible by integration', null, {
    'x-accepted-github-permissions': accepted,
  })
}

const reaches = ({ installation, repositories }: Token, repository: FakeRepository): boolean =>
  covers(installation, repository) && (repositories?.has(repository.id) ?? true)

function grants(permissions: Installation['permissions'], need: string): boolean {
  const [name = '', access = ''] = need.split(':')
  return allows(permissions, name, access as Access)
}

const named = ({ installation, repositories }: Token): string =>
  repositories ? `repositories ${[...repositories].join(', ')}` : `the installation of ${installation.account.login}`
