export type Json = Readonly<Record<string, unknown>>

/** What a route answers. `body` is sent as JSON unless it is bytes; `undefined` sends none. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** GitHub says no, with the message and the list of errors that it gives. */
export class Refusal extends Error {
  readonly status: number
  readonly errors: readonly unknown[] | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    message: string,
    errors: readonly unknown[] | null = null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.errors = errors
    this.headers = headers
  }

  get answer(): Answer {
    return {
      status: this.status,
      headers: this.headers,
      body: {
        message: this.message,
        ...(this.errors ? { errors: this.errors } : {}),
        documentation_url: 'https://docs.github.com/rest',
        status: String(this.status),
      },
    }
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found')

/** A 422 about fields of a resource. */
export const invalid = (resource: string, field: string, code: string, message?: string): Refusal =>
  new Refusal(422, 'Validation Failed', [{ resource, field, code, ...(message ? { message } : {}) }])
