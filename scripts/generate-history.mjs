// Writes a made-up golang-migrate history: tables, columns, constraints, indexes and data changes, one small step a migration.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const steps = [
  (n) => [
    `CREATE TABLE item_${n} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    name text NOT NULL,\n    price numeric(10, 2) NOT NULL DEFAULT 0 CHECK (price >= 0),\n    created_at timestamptz NOT NULL DEFAULT now()\n);`,
    `DROP TABLE item_${n};`,
  ],
  (n) => [
    `SET lock_timeout = '2s';\nALTER TABLE item_${n - 1} ADD COLUMN note text;\nCOMMENT ON COLUMN item_${n - 1}.note IS 'what the seller says';`,
    `ALTER TABLE item_${n - 1} DROP COLUMN note;`,
  ],
  (n) => [
    `CREATE INDEX CONCURRENTLY item_${n - 2}_name_idx ON item_${n - 2} (name, created_at);`,
    `DROP INDEX CONCURRENTLY item_${n - 2}_name_idx;`,
  ],
  (n) => [
    `CREATE TABLE stock_${n} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    item_id bigint NOT NULL REFERENCES item_${n - 3} (id),\n    amount integer NOT NULL DEFAULT 0\n);\nCREATE INDEX stock_${n}_item_idx ON stock_${n} (item_id);`,
    `DROP TABLE stock_${n};`,
  ],
  (n) => [
    `INSERT INTO item_${n - 4} (name, price) VALUES ('a chair', 40), ('a table', 120), ('a lamp; tall', 35);`,
    `DELETE FROM item_${n - 4} WHERE name IN ('a chair', 'a table', 'a lamp; tall');`,
  ],
]

/** The files of a history of `count` migrations, by name. */
export function history(count) {
  const files = new Map()
  for (let n = 1; n <= count; n++) {
    const [up, down] = steps[(n - 1) % steps.length](n)
    const name = `${String(n).padStart(6, '0')}_step_${n}`
    files.set(`migrations/${name}.up.sql`, `-- Step ${n} of the shop's schema.\n${up}\n`)
    files.set(`migrations/${name}.down.sql`, `${down}\n`)
  }
  return files
}

/** Writes them under a folder. */
export function writeHistory(folder, count) {
  mkdirSync(join(folder, 'migrations'), { recursive: true })
  writeFileSync(join(folder, 'go.mod'), 'module example.com/shop\n')
  for (const [path, text] of history(count)) writeFileSync(join(folder, path), text)
}
