/**
 * Where each fault of the design's table is shown. `chaos`: what the seeded runs do to the whole App, with everything else going on at
 * the same time. The others are shown one by one, each under the title that is named.
 */
export const ROWS = [
  [
    'R1',
    'a worker is killed in the middle of a review',
    'chaos; test/server/faults.test.ts, test/github/checks.test.ts',
  ],
  ['R2', 'a worker is asked to end', 'chaos; test/server/faults.test.ts'],
  ['R3', 'an intake is killed between commit and answer', 'test/server/faults.test.ts; chaos kills at any moment'],
  ['R4', 'an intake is killed before the commit', 'test/server/faults.test.ts; chaos kills at any moment'],
  ['R5', 'the database is down', 'chaos; test/server/faults.test.ts'],
  ['R9', 'a webhook comes again', 'chaos sends every one twice; test/server/intake.test.ts'],
  [
    'R10',
    'a webhook comes again whose delivery was given up',
    'test/server/intake.test.ts, test/server/dispatch.test.ts',
  ],
  ['R11', 'webhooks come in another order', 'chaos shuffles all of them'],
  ['R12', 'a webhook is lost', 'chaos, a part of them without a trace; test/server/reconcile.test.ts'],
  ['R16', 'a migration fills the disk', 'test/rehearsal/hostile.test.ts, test/docker/hostile.test.ts'],
  ['R20', 'text that is made to be hard to read', 'chaos; test/sql/hostile.test.ts, test/config/load.test.ts'],
  ['R21', 'a pull request of 10,000 files', 'test/github/snapshot.test.ts'],
  ['R22', 'every third answer is 502', 'chaos; test/github/api.test.ts'],
  ['R23', 'written, and then 502', 'chaos; test/github/checks.test.ts, test/github/sticky-comment.test.ts'],
  ['R24', 'the limit is reached', 'chaos; test/server/queue.test.ts, test/github/api.test.ts'],
  ['R25', 'too fast, come later', 'chaos; test/github/api.test.ts'],
  ['R26', 'no answer, or half of one', 'long chaos; test/github/api.test.ts'],
  ['R27', 'an answer that is none', 'chaos; test/github/api.test.ts, test/github/app-auth.test.ts'],
  ['R28', 'not there yet', 'chaos; test/github/people.test.ts'],
  ['R32', 'many pushes in a row', 'chaos; test/server/queue.test.ts'],
  ['R33', 'two workers and one pull request', 'chaos runs two processes; test/server/queue.test.ts'],
  ['R34', 'a worker that slept for long goes on', 'chaos; test/server/faults.test.ts'],
  ['R36', 'a job that always fails', 'test/server/queue.test.ts; chaos presses Re-run on what was given up'],
  ['R42', 'the check run is written and the comment is not', 'chaos; test/github/sticky-comment.test.ts'],
  ['R43', 'the answer to an update of a check run is lost', 'chaos; test/github/checks.test.ts'],
]
