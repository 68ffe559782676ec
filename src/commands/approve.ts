import { type Approval, type ConsentKind, outstanding } from '../model/consent.js'
import { approverWords, commandOf } from '../report/approval-words.js'
import { isCode } from '../review/consent-code.js'
import { mayApprove } from '../review/consent-right.js'
import type { Answer, Command, Context } from './command.js'
import { agree, refuse } from './reply.js'
import type { Asked } from './parse.js'

export const approve: Command = {
  name: 'approve',
  usage: 'approve CODE [backup="…"]',
  summary: 'agree to exactly the text that the report shows, for which CODE stands',
  who: 'approver',
  about: 'nothing',
  run(asked, context) {
    const { review, current } = context
    if (review === null)
      return refuse(context, 'There is no report on this pull request yet, so there is nothing to agree to')
    if (!current) {
      return refuse(
        context,
        'What that report shows is not what stands there now; read the next one, and agree to that',
      )
    }
    return approved(asked, review.approval, context)
  },
}

function approved({ words, named }: Asked, approval: Approval, context: Context): Answer {
  const { standing, policy, now, comment } = context
  const missing = outstanding(approval)
  if (approval.code === null || approval.needed.length === 0) {
    return refuse(context, 'Nothing in this pull request needs agreement')
  }
  const right = mayApprove(standing, policy.settings.approval)
  const kinds = approval.needed.filter((kind) => right.kinds.includes(kind))
  if (kinds.length === 0)
    return refuse(
      context,
      `${sentenceOf(right.why ?? 'the policy does not name them for this')}${who(missing, approval)}`,
    )
  const [code, ...more] = words
  const backup = named.get('backup')?.trim() ?? ''
  const unknown = [...named.keys()].filter((name) => name !== 'backup')
  if (unknown.length > 0 || more.length > 0 || code === undefined) {
    return refuse(context, 'approve takes the code of the report and nothing else', [commandOf(approval)])
  }
  if (!isCode(code) || code !== approval.code) {
    return refuse(context, 'That is not the code of what stands there now; read the report, and agree to that', [
      commandOf(approval),
    ])
  }
  if (approval.backup && kinds.includes('data') && backup === '') {
    return refuse(context, 'The policy asks for a backup before data is destroyed: say where it is', [
      commandOf(approval),
    ])
  }
  const { id, login } = standing.actor
  const consent = {
    kinds,
    by: { id, login },
    at: now,
    comment,
    code,
    backup: backup === '' ? null : backup.slice(0, 500),
  }
  const still = missing.filter((kind) => !kinds.includes(kind))
  const head = context.review?.pull.head ?? ''
  const said = `${login} agrees to ${kinds.map((kind) => KINDS[kind]).join(' and to ')} of ${head}, and to nothing that is pushed after it`
  return agree(context, `${said}${who(still, approval)}`, [{ kind: 'approve', consent }])
}

const KINDS: Readonly<Record<ConsentKind, string>> = { data: 'what destroys data', schema: 'the changed tables' }

/** Who may agree to what is missing, to follow a sentence. */
function who(missing: readonly ConsentKind[], approval: Approval): string {
  return missing.map((kind) => `. To ${KINDS[kind]} ${approverWords(approval.approvers[kind])} can agree`).join('')
}

function sentenceOf(why: string): string {
  return `This is not an agreement: ${why}`
}
