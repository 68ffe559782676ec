import type { Review } from '../model/review.js'
import type { Cut, Limits } from '../report/limits.js'
import { LIMITS } from '../report/fit.js'
import { shorten, withoutRunnerCommands } from '../report/untrusted.js'
import { viewOf, type ReviewView } from '../report/view.js'
import { metaOf } from '../rules/index.js'
import type { Answer, Context, Effect } from './command.js'

const LOOKUPS = { describe: metaOf }

/** A large report takes a while to put into words, and a comment may ask for five replies about it. */
const VIEWS = new WeakMap<Review, ReviewView>()

function viewed(review: Review): ReviewView {
  const view = VIEWS.get(review) ?? viewOf(review, LOOKUPS)
  VIEWS.set(review, view)
  return view
}

/** How much is shown, and how a text is kept within that. */
export interface Shape {
  readonly cut: Cut
  readonly limits: Limits
}

/** A reply about the report. */
export function aboutReport(
  context: Context,
  template: string,
  page: (review: Review, view: ReviewView, shape: Shape) => object,
): Answer {
  const { review, current } = context
  if (review === null) return noReport(context)
  const view = viewed(review)
  const stale = current ? '' : 'More has been pushed since, and is being looked at'
  return fitting(context, template, (shape) => ({
    about: { head: shape.cut(view.head), stale },
    ...page(review, view, shape),
  }))
}

/** Nothing is made up where nothing has been published. */
export function noReport(context: Context): Answer {
  return refuse(context, 'There is no report on this pull request yet; ask again when there is one')
}

/** A reply in which there is less and less until it fits. */
export function fitting(context: Context, template: string, page: (shape: Shape) => object): Answer {
  for (const limits of LIMITS) {
    const cut = (text: string): string => shorten(text, limits.text)
    const reply = rendered(context, template, page({ cut, limits }))
    if (Buffer.byteLength(reply) <= context.room) return done(reply)
  }
  return refuse(context, 'The answer is longer than GitHub takes; the report has it')
}

/** Done, with something to say or without. */
export function done(reply: string | null, effects: readonly Effect[] = []): Answer {
  return { reaction: '+1', reply, effects }
}

/** Done, in one sentence. */
export function agree(context: Context, message: string, effects: readonly Effect[] = []): Answer {
  return done(rendered(context, 'command-note', { message, items: [] }), effects)
}

/** Not done, and why; `items` are what was perhaps meant, or what there is to choose from. */
export function refuse(context: Context, message: string, items: readonly string[] = []): Answer {
  const rows = items.slice(0, 10).map((item) => ({ item: shorten(item, 200) }))
  return { reaction: 'confused', reply: rendered(context, 'command-note', { message, items: rows }), effects: [] }
}

function rendered({ templates }: Context, template: string, page: object): string {
  return withoutRunnerCommands(templates.render(template, page))
}
