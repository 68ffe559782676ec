import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { settingsFrom } from '../../src/server/app-settings.js'
import { PRIVATE_KEY, SECRET } from '../support/app-under-test.js'

interface Service {
  readonly environment: Readonly<Record<string, string | number>>
  readonly networks?: readonly string[]
  readonly ports?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal: boolean }>>
}
const compose = parse(readFileSync('compose.yml', 'utf8'), { merge: true }) as Compose
const CHOSEN: Readonly<Record<string, string>> = {
  APP_ID: '7',
  PRIVATE_KEY,
  WEBHOOK_SECRET: SECRET,
  POSTGRES_PASSWORD: 'owner',
  ANALYSER_PASSWORD: 'guest',
}

/** What a service has in its environment once its variables were chosen. */
function environmentOf(service: string): Readonly<Record<string, string>> {
  const named = compose.services[service]?.environment ?? {}
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [
      name,
      String(value).replace(/\$\{(\w+)(:\?[^}]*)?\}/g, (_, variable: string) => CHOSEN[variable] ?? '?'),
    ]),
  )
}

describe('compose.yml', () => {
  test.each([
    ['intake', { role: 'intake', secrets: [SECRET], privateKey: '', login: 'dba' }],
    ['broker', { role: 'broker', secrets: [], privateKey: PRIVATE_KEY, login: 'dba', analyserLogin: 'dba_analyser' }],
    ['analyser', { role: 'analyser', secrets: [], privateKey: '', login: 'dba_analyser' }],
  ])('%s gets what it needs, and nothing else', (service, { login, ...wanted }) => {
    const settings = settingsFrom(environmentOf(service), { version: '1', readFile: () => '' })
    expect(settings).toMatchObject(wanted)
    const url = new URL(environmentOf(service)['DATABASE_URL'] ?? '')
    expect([url.username, url.host, url.pathname]).toEqual([login, 'database:5432', '/dba'])
    expect(compose.services[service]).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  })

  test('an analyser reaches the database alone, and is reached by nobody', () => {
    expect(compose.networks).toEqual({ analysis: { internal: true } })
    const inside = Object.entries(compose.services).filter(([, { networks }]) => networks?.includes('analysis'))
    expect(inside.map(([name]) => name)).toEqual(['database', 'analyser'])
    expect(compose.services['analyser']).toMatchObject({ networks: ['analysis'] })
    expect(compose.services['analyser']?.ports).toBeUndefined()
  })
})
