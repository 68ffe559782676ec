import { goProgram, type Tool } from './tool.js'

/**
 * Atlas's command line is no module that Go could fetch. This does what its `migrate hash`, `migrate validate` and `migrate apply`
 * do, with the library that they are made of: the directory, the scanner, the executor and the driver are Atlas's own. Of the
 * command line come the table of its books and what it does about transactions, as in
 * https://github.com/ariga/atlas/blob/v1.2.3/cmd/atlas/internal/cmdapi/migrate.go. `cut` tells how it cuts files, as JSON:
 * the statements of each, or null where it refuses one.
 */
const SOURCE = `package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlclient"
	_ "github.com/lib/pq"
)

const table = "atlas_schema_revisions.atlas_schema_revisions"

type books struct{ conn schema.ExecQuerier }

func (books) Ident() *migrate.TableIdent {
	return &migrate.TableIdent{Name: "atlas_schema_revisions", Schema: "atlas_schema_revisions"}
}

func (b books) make(ctx context.Context) error {
	for _, text := range []string{
		"CREATE SCHEMA IF NOT EXISTS atlas_schema_revisions",
		"CREATE TABLE IF NOT EXISTS " + table + " (version varchar PRIMARY KEY, description varchar, type bigint," +
			" applied bigint, total bigint, hash varchar, partial_hashes jsonb)",
	} {
		if _, err := b.conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func (b books) ReadRevisions(ctx context.Context) ([]*migrate.Revision, error) {
	rows, err := b.conn.QueryContext(ctx, "SELECT version, description, type, applied, total, hash, partial_hashes FROM "+table+" ORDER BY version")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []*migrate.Revision
	for rows.Next() {
		r, partial := &migrate.Revision{}, []byte{}
		if err := rows.Scan(&r.Version, &r.Description, &r.Type, &r.Applied, &r.Total, &r.Hash, &partial); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(partial, &r.PartialHashes); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

func (b books) ReadRevision(ctx context.Context, version string) (*migrate.Revision, error) {
	all, err := b.ReadRevisions(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Version == version {
			return r, nil
		}
	}
	return nil, migrate.ErrRevisionNotExist
}

func (b books) WriteRevision(ctx context.Context, r *migrate.Revision) error {
	partial, err := json.Marshal(r.PartialHashes)
	if err != nil {
		return err
	}
	_, err = b.conn.ExecContext(ctx, "INSERT INTO "+table+" VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (version) DO UPDATE"+
		" SET applied = excluded.applied, total = excluded.total, hash = excluded.hash, partial_hashes = excluded.partial_hashes",
		r.Version, r.Description, r.Type, r.Applied, r.Total, r.Hash, string(partial))
	return err
}

func (b books) DeleteRevision(ctx context.Context, version string) error {
	_, err := b.conn.ExecContext(ctx, "DELETE FROM "+table+" WHERE version = $1", version)
	return err
}

func modeOf(f migrate.File, mode string) (string, error) {
	local, ok := f.(*migrate.LocalFile)
	if !ok {
		return mode, nil
	}
	named := local.Directive("txmode")
	switch {
	case len(named) == 0:
		return mode, nil
	case len(named) > 1:
		return "", fmt.Errorf("multiple txmode values found in file %q: %q", f.Name(), named)
	case named[0] != "none" && named[0] != "file":
		return "", fmt.Errorf("txmode %q is not allowed in file directive %q", named[0], f.Name())
	case mode == "all":
		return "", fmt.Errorf("cannot set txmode directive to %q in %q when txmode %q is set globally", named[0], f.Name(), mode)
	}
	return named[0], nil
}

func apply(ctx context.Context, dir migrate.Dir, url, mode string, order migrate.ExecOrder) error {
	client, err := sqlclient.Open(ctx, url)
	if err != nil {
		return err
	}
	defer client.Close()
	if err := (books{client}).make(ctx); err != nil {
		return err
	}
	executor := func(c *sqlclient.Client) (*migrate.Executor, error) {
		// Databases of tests hold a schema that marks them.
		return migrate.NewExecutor(c.Driver, dir, books{c}, migrate.WithExecOrder(order), migrate.WithAllowDirty(true))
	}
	ex, err := executor(client)
	if err != nil {
		return err
	}
	pending, err := ex.Pending(ctx)
	if errors.Is(err, migrate.ErrNoPendingFiles) {
		return nil
	}
	if err != nil {
		return err
	}
	var tx *sqlclient.TxClient
	for _, f := range pending {
		mode, err := modeOf(f, mode)
		if err != nil {
			return err
		}
		on := client
		if mode != "none" {
			if tx == nil {
				if tx, err = client.Tx(ctx, nil); err != nil {
					return err
				}
			}
			on = tx.Client
		}
		if ex, err = executor(on); err != nil {
			return err
		}
		if err := ex.Execute(ctx, f); err != nil {
			if tx != nil {
				err = errors.Join(err, tx.Rollback())
			}
			return err
		}
		if tx != nil && mode == "file" {
			if err := tx.Commit(); err != nil {
				return err
			}
			tx = nil
		}
	}
	if tx != nil {
		return tx.Commit()
	}
	return nil
}

func cut(paths []string) error {
	all := [][]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var texts []string
		if cut, err := (&postgres.Driver{}).ScanStmts(string(text)); err == nil {
			texts = []string{}
			for _, one := range cut {
				texts = append(texts, one.Text)
			}
		}
		all = append(all, texts)
	}
	return json.NewEncoder(os.Stdout).Encode(all)
}

func run(args []string) error {
	if args[0] == "cut" {
		return cut(args[1:])
	}
	dir, err := migrate.NewLocalDir(args[1])
	if err != nil {
		return err
	}
	switch args[0] {
	case "validate":
		return migrate.Validate(dir)
	case "hash":
		sum, err := dir.Checksum()
		if err != nil {
			return err
		}
		return migrate.WriteSumFile(dir, sum)
	case "apply":
		if err := migrate.Validate(dir); err != nil {
			return err
		}
		order := map[string]migrate.ExecOrder{
			"linear":      migrate.ExecOrderLinear,
			"linear-skip": migrate.ExecOrderLinearSkip,
			"non-linear":  migrate.ExecOrderNonLinear,
		}[args[4]]
		return apply(context.Background(), dir, args[2], args[3], order)
	}
	return errors.New("unknown command")
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
`

export const ATLAS: Tool = goProgram('atlas', 'ariga.io/atlas', 'v1.2.3', SOURCE)
