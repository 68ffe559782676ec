import { expect, test } from '@jest/globals'
import { callOf } from '../../src/model/calls.js'

test.each([
  ['count', 'brief'],
  ['setval', 'brief'],
  ['set_config', 'brief'],
  ['pg_advisory_xact_lock', 'brief'],
  ['jsonb_build_object', 'brief'],
  ['gen_random_uuid', 'brief'],
  ['pg_sleep', 'slow'],
  ['pg_sleep_for', 'slow'],
  ['dblink_exec', 'slow'],
  ['backfill_orders', 'unknown'],
  ['counting', 'unknown'],
  ['create_hypertable', 'unknown'],
  ['pg_terminate_backend', 'unknown'],
  ['to_archive_everything', 'unknown'],
] as const)('%s is %s', (name, expected) => expect(callOf(name)).toBe(expected))
