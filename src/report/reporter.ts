import type { Review } from '../model/review.js'

/** Pure: a review in, a payload out. Sending it is somebody else's job. */
export interface Reporter<Output> {
  readonly id: string
  render(review: Review): Output
}
