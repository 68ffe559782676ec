import { mayApprove, mayWrite } from '../review/consent-right.js'
import { approverWords } from '../report/approval-words.js'
import type { Command } from './command.js'
import { agree, refuse } from './reply.js'

export const revoke: Command = {
  name: 'revoke',
  usage: 'revoke',
  summary: 'take back every agreement to this pull request',
  who: 'approver',
  about: 'nothing',
  run({ words, named }, context) {
    const { standing, consents, policy } = context
    if (words.length + named.size > 0)
      return refuse(context, 'revoke takes nothing: it ends every agreement to this pull request')
    const open = consents.filter(({ ended }) => ended === null)
    const own = open.some(({ by }) => by.id === standing.actor.id)
    const { approval } = policy.settings
    if (!own && !mayWrite(standing) && mayApprove(standing, approval).kinds.length === 0) {
      return refuse(
        context,
        `Who may write to the repository can take an agreement back, and so can ${approverWords(approval.data)}`,
      )
    }
    if (open.length === 0) return refuse(context, 'There is no agreement to take back')
    const whose = [...new Set(open.map(({ by }) => by.login))].join(' and ')
    return agree(context, `The agreement of ${whose} is taken back`, [{ kind: 'revoke' }])
  },
}
