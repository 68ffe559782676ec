import { type Approval, outstanding } from '../model/consent.js'
import { commandOf } from './approval-words.js'
import type { Templates } from './render.js'

const ROLE = 'role:'

/** Calls those who may agree to what is missing, and says what they would have to write; Markdown. */
export function approvalRequest(approval: Approval, templates: Templates): string {
  const missing = outstanding(approval)
  const names = [...new Set(missing.flatMap((kind) => approval.approvers[kind]))]
  const roles = names.filter((name) => name.startsWith(ROLE))
  const called = names.filter((name) => !name.startsWith(ROLE))
  const who = [
    ...called.map((name) => ({ name, role: '' })),
    ...roles.map((name) => ({ name: '', role: name.slice(ROLE.length) })),
  ]
  return templates.render('approval-request', { who, command: commandOf(approval) })
}
