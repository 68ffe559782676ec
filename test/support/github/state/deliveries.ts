import { createHmac } from 'node:crypto'
import { seeded, type Random } from './random.js'

/** What one attempt to deliver a webhook was, as the delivery log keeps it. */
export interface Delivery {
  readonly id: number
  /** The same for each redelivery. */
  readonly guid: string
  readonly event: string
  readonly action: string | null
  readonly installationId: number | null
  readonly repositoryId: number | null
  readonly redelivery: boolean
  readonly at: number
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Readonly<Record<string, unknown>>
  /** Milliseconds. */
  duration: number
  /** 0 while it waits, when nobody could be reached, and when it was lost on the way. */
  statusCode: number
  status: string
  answer: string
}

/** How webhooks go astray. */
export interface WebhookManners {
  /** At once under way: 1 keeps their order. */
  concurrency?: number
  /** Whether to lose this one: it is in the log as never answered and is not sent. */
  lose?: (delivery: Delivery) => boolean
  /** How often each one is sent: 2 means every one twice. */
  copies?: number
  /** What is waiting is sent in an order that this number makes. */
  shuffle?: number
  /** Milliseconds until an answer no longer counts: 10 s at GitHub. */
  timeout?: number
}

interface Sent {
  readonly event: string
  readonly action: string | null
  readonly installationId: number | null
  readonly repositoryId: number | null
  readonly payload: Readonly<Record<string, unknown>>
}

interface Options {
  readonly secret: string
  readonly appId: number
  readonly now: () => number
  readonly nextId: () => number
  readonly random: Random
}

/** The webhooks of an App: signed, delivered to its address one after the other, and kept in a log. */
export class Deliveries {
  readonly log: Delivery[] = []
  url: string | null = null
  /** What the settings of the webhook say otherwise than that deliveries go, signed, to `url`. */
  settings: Readonly<Record<string, string | undefined>> = {}
  readonly #options: Options
  readonly #waiting: Delivery[] = []
  readonly #underWay = new Set<Promise<void>>()
  readonly #abort = new AbortController()
  #manners: WebhookManners = {}
  #paused = false
  #shuffled: Random | null = null

  constructor(options: Options) {
    this.#options = options
  }

  get idle(): boolean {
    return this.#underWay.size === 0 && (this.#paused || this.#waiting.length === 0)
  }

  get secret(): string {
    return this.#options.secret
  }

  to(url: string, manners: WebhookManners = {}): void {
    this.url = url
    this.behave(manners)
  }

  behave(manners: WebhookManners): void {
    this.#manners = manners
    this.#shuffled = manners.shuffle === undefined ? null : seeded(manners.shuffle)
    this.#go()
  }

  /** Nothing is sent until `resume`: what happens meanwhile waits, and may be shuffled. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#go()
  }

  send(sent: Sent): Delivery {
    const delivery = this.#make(sent, this.#options.random.uuid(), false)
    if (this.#manners.lose?.(delivery)) {
      delivery.status = 'failed to connect to host'
      return delivery
    }
    for (let copy = this.#manners.copies ?? 1; copy > 0; copy--) this.#waiting.push(delivery)
    this.#go()
    return delivery
  }

  /** Sends the same webhook under the same guid again, as a person or the App asks for it. */
  redeliver(original: Delivery): Delivery {
    const delivery = this.#make(original, original.guid, true)
    this.#waiting.push(delivery)
    this.#go()
    return delivery
  }

  async settled(): Promise<void> {
    while (!this.idle) await Promise.race([...this.#underWay])
  }

  async stop(): Promise<void> {
    this.#waiting.length = 0
    this.#abort.abort()
    await Promise.allSettled([...this.#underWay])
  }

  #make(sent: Sent, guid: string, redelivery: boolean): Delivery {
    const { event, action, installationId, repositoryId, payload } = sent
    const body = JSON.stringify(payload)
    const delivery: Delivery = {
      id: this.#options.nextId(),
      guid,
      event,
      action,
      installationId,
      repositoryId,
      redelivery,
      at: this.#options.now(),
      payload,
      headers: {
        accept: '*/*',
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/fake',
        'x-github-delivery': guid,
        'x-github-event': event,
        'x-github-hook-id': String(this.#options.appId),
        'x-github-hook-installation-target-id': String(this.#options.appId),
        'x-github-hook-installation-target-type': 'integration',
        'x-hub-signature-256': `sha256=${createHmac('sha256', this.secret).update(body).digest('hex')}`,
      },
      duration: 0,
      statusCode: 0,
      status: 'pending',
      answer: '',
    }
    this.log.push(delivery)
    return delivery
  }

  #go(): void {
    if (this.#abort.signal.aborted) return
    while (!this.#paused && this.#waiting.length > 0 && this.#underWay.size < (this.#manners.concurrency ?? 1)) {
      const index = this.#shuffled ? Math.floor(this.#shuffled.next() * this.#waiting.length) : 0
      const [delivery] = this.#waiting.splice(index, 1)
      if (!delivery) return
      const done = this.#deliver(delivery).finally(() => {
        this.#underWay.delete(done)
        this.#go()
      })
      this.#underWay.add(done)
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    if (this.url === null) {
      delivery.status = 'failed to connect to host'
      return
    }
    const started = performance.now()
    const timeout = AbortSignal.timeout(this.#manners.timeout ?? 10_000)
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: delivery.headers,
        body: JSON.stringify(delivery.payload),
        redirect: 'manual',
        signal: AbortSignal.any([timeout, this.#abort.signal]),
      })
      delivery.answer = await response.text()
      delivery.statusCode = response.status
      delivery.status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`
    } catch {
      delivery.statusCode = 0
      delivery.status = timeout.aborted ? 'timed out' : 'failed to connect to host'
    }
    delivery.duration = performance.now() - started
  }
}
