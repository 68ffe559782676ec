import { STATUS_CODES } from 'node:http'
import type { World } from '../state/world.js'
import type { Answer } from './answer.js'
import type { Misbehaviour } from './faults.js'

type Limit = Extract<Misbehaviour, { readonly limit: string }>

/** An answer of this status. 401 and 404 say what GitHub says, so that it cannot be told from the real thing. */
export function failure(
  status: number,
  plan: { readonly headers?: Readonly<Record<string, string>>; readonly message?: string },
): Answer {
  const message = plan.message ?? (status === 401 ? 'Bad credentials' : STATUS_CODES[status])
  return { status, headers: plan.headers ?? {}, body: { message } }
}

/** The answers that GitHub gives when there were too many requests. */
export function limited(world: World, plan: Limit, installation: number | null): Answer {
  if (plan.limit === 'primary') {
    if (installation !== null) world.budgets.exhaust(installation, plan.reset)
    const reset = Math.floor(world.now() / 1000) + plan.reset
    return {
      status: plan.status ?? 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset), 'x-ratelimit-resource': 'core' },
      body: {
        message: `API rate limit exceeded for installation ID ${installation}.`,
        documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
      },
    }
  }
  return {
    status: plan.status ?? 403,
    headers: plan.retryAfter === undefined ? {} : { 'retry-after': String(plan.retryAfter) },
    body: {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      documentation_url:
        'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    },
  }
}

/** A success that says nothing: what came instead of the answer. */
export function garbled(kind: 'html' | 'half' | 'empty' | 'other', answer: Answer): Answer {
  const json = JSON.stringify(answer.body ?? {})
  switch (kind) {
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html><html><body><h1>Unicorn!</h1></body></html>',
      }
    case 'half':
      return { status: 200, body: json.slice(0, Math.floor(json.length / 2)) }
    case 'empty':
      return { status: 200, body: '' }
    case 'other':
      return { status: 200, body: { unexpected: true } }
  }
}
