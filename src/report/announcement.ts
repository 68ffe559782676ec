import type { Announcement, CheckRunPayload } from './check-run.js'
import type { Templates } from './render.js'

/** What there is to say of a check run without a review. */
export type Occasion =
  | 'reviewing'
  | 'given-up'
  | 'superseded'
  | 'closed'
  | 'taken-apart'
  /** It was in progress, and nobody knows any more what began it. */
  | 'lost'
  /** A later run of the same commit took its place. */
  | 'replaced'

/** The words for an occasion: the first line of its template is the title, the others are the summary. */
export function announce(templates: Templates, occasion: Occasion, view: object = {}): Announcement {
  const [title = '', ...rest] = templates.render(`announce-${occasion}`, view).split('\n')
  return { title: title.replace(/^# /, ''), summary: rest.join('\n').trim() }
}

/** The check run of a review that came to nothing: it fails. `subject` is such as `pull/7`, under which the log speaks of it. */
export function givenUpRun(
  templates: Templates,
  { subject, repository }: { readonly subject: string; readonly repository: number },
): CheckRunPayload {
  return {
    ...announce(templates, 'given-up', { subject, repository }),
    text: '',
    annotations: [],
    conclusion: 'failure',
  }
}

/** The check run of a commit with what is said of another pull request with it, and a word on that. */
export function onBehalfOf(templates: Templates, payload: CheckRunPayload, pull: string): CheckRunPayload {
  return { ...payload, summary: `${templates.render('on-behalf', { pull })}\n${payload.summary}` }
}
