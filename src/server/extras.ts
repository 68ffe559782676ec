import type { Extras } from '../report/extras.js'

/** The commands that a report reminds of; `/dba help` has all. */
export const EXTRAS: Extras = {
  commands: [
    { usage: '/dba explain', does: 'says what each statement does' },
    { usage: '/dba rerun', does: 'reviews again' },
    { usage: '/dba help', does: 'lists the others' },
  ],
}
