/**
 * The steps in which the tables came to be, in order. A step that was released is never changed; the next one only adds to it,
 * so that processes of the version before go on while others are being replaced.
 *
 * Rows of a tenant bear its installation. All times are the database's own.
 */
export const STEPS: readonly string[] = [
  `
  -- What GitHub delivered, kept before it is told so.
  CREATE TABLE dba.inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery uuid NOT NULL UNIQUE,
    event text NOT NULL,
    action text,
    installation_id bigint,
    repository_id bigint,
    lane smallint NOT NULL DEFAULT 0,
    body bytea,
    digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'ignored', 'unparseable', 'dead')),
    attempts int NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    received_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    settled_at timestamptz,
    error text
  );
  CREATE INDEX inbox_pending ON dba.inbox (lane, next_at, id) WHERE state = 'pending';
  CREATE INDEX inbox_received ON dba.inbox (received_at);
  CREATE INDEX inbox_bodies ON dba.inbox (settled_at) WHERE body IS NOT NULL;

  CREATE TABLE dba.installations (
    id bigint PRIMARY KEY,
    account text,
    suspended boolean NOT NULL DEFAULT false,
    removed_at timestamptz,
    paused_until timestamptz,
    paused_for text,
    served_at timestamptz NOT NULL DEFAULT '-infinity',
    created_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
  );

  CREATE TABLE dba.repositories (
    id bigint PRIMARY KEY,
    installation_id bigint NOT NULL,
    owner text NOT NULL,
    name text NOT NULL,
    active_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    swept_at timestamptz,
    removed_at timestamptz
  );
  CREATE INDEX repositories_installation ON dba.repositories (installation_id);

  -- What has to be brought up to date: a pull request, or a group of a merge queue.
  CREATE TABLE dba.subjects (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    subject text NOT NULL CHECK (subject ~ '^(pull/[1-9][0-9]{0,9}|group/[0-9a-f]{40}([0-9a-f]{24})?)$'),
    wanted_epoch bigint NOT NULL DEFAULT 0,
    done_epoch bigint NOT NULL DEFAULT 0,
    lane smallint NOT NULL,
    -- Since when the oldest wish that nobody has served waits, and since when wishes are being gathered.
    wanted_since timestamptz,
    gathering_since timestamptz,
    next_at timestamptz NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    error text,
    dead_at timestamptz,
    lease_epoch bigint NOT NULL DEFAULT 0,
    lease_holder text,
    lease_until timestamptz,
    lease_wanted bigint,
    head text,
    UNIQUE (repository_id, subject),
    CHECK ((lease_holder IS NULL) = (lease_until IS NULL))
  );
  CREATE INDEX subjects_wanted ON dba.subjects (next_at) WHERE wanted_epoch > done_epoch AND dead_at IS NULL;
  CREATE INDEX subjects_leased ON dba.subjects (installation_id) WHERE lease_holder IS NOT NULL;
  CREATE INDEX subjects_head ON dba.subjects (repository_id, head);

  -- The check run of a commit: what it is meant to say, and what GitHub has been told.
  CREATE TABLE dba.check_runs (
    repository_id bigint NOT NULL,
    head text NOT NULL,
    name text NOT NULL,
    installation_id bigint NOT NULL,
    run_id bigint,
    external_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('in_progress', 'completed')),
    conclusion text CHECK (conclusion ~ '^(success|failure|action_required|cancelled)$'),
    digest text,
    annotations_planned int NOT NULL DEFAULT 0,
    annotations_sent int NOT NULL DEFAULT 0,
    created_runs int NOT NULL DEFAULT 0,
    sent_at timestamptz,
    verified_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (repository_id, head, name),
    CHECK ((status = 'completed') = (conclusion IS NOT NULL))
  );
  CREATE INDEX check_runs_open ON dba.check_runs (changed_at) WHERE status = 'in_progress' OR sent_at IS NULL;
  CREATE INDEX check_runs_id ON dba.check_runs (run_id);

  CREATE TABLE dba.sticky_comments (
    repository_id bigint NOT NULL,
    pull int NOT NULL,
    installation_id bigint NOT NULL,
    comment_id bigint NOT NULL,
    body_digest text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (repository_id, pull)
  );

  -- What the comments on lines were last brought in step with; GitHub has the comments themselves.
  CREATE TABLE dba.remarks (
    repository_id bigint NOT NULL,
    pull int NOT NULL,
    installation_id bigint NOT NULL,
    head text NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (repository_id, pull)
  );

  -- What was last published of a subject, for the commands that speak of it.
  CREATE TABLE dba.reviews (
    repository_id bigint NOT NULL,
    subject text NOT NULL,
    installation_id bigint NOT NULL,
    head text NOT NULL,
    base text NOT NULL,
    -- The branch that it goes to, and how many migrations it changes.
    target text NOT NULL,
    migrations int NOT NULL,
    code text,
    conclusion text NOT NULL,
    review jsonb NOT NULL,
    published_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (repository_id, subject)
  );
  CREATE INDEX reviews_head ON dba.reviews (repository_id, head);

  -- Comments that hold commands. They are edges: no state of GitHub's says again that they came.
  CREATE TABLE dba.commands (
    comment_id bigint PRIMARY KEY,
    installation_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    pull int NOT NULL,
    author_id bigint NOT NULL,
    author_login text NOT NULL,
    body_digest text NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'refused', 'dead')),
    carried_out int NOT NULL DEFAULT 0,
    note text,
    received_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    settled_at timestamptz
  );
  CREATE INDEX commands_pending ON dba.commands (repository_id, pull) WHERE state = 'pending';
  CREATE INDEX commands_received ON dba.commands (repository_id, pull, received_at);

  CREATE TABLE dba.approvals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    pull int NOT NULL,
    code text NOT NULL,
    kinds text[] NOT NULL,
    user_id bigint NOT NULL,
    login text NOT NULL,
    role text NOT NULL,
    comment_id bigint NOT NULL,
    backup text,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_for text,
    ended_by bigint,
    UNIQUE (comment_id, code),
    CHECK ((ended_at IS NULL) = (ended_for IS NULL))
  );
  CREATE INDEX approvals_live ON dba.approvals (repository_id, pull) WHERE ended_at IS NULL;

  -- Who agreed, refused to be heard, or took it back. Rows are only ever added.
  CREATE TABLE dba.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    installation_id bigint NOT NULL,
    repository_id bigint NOT NULL,
    pull int NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    what text NOT NULL,
    user_id bigint,
    login text,
    detail jsonb NOT NULL DEFAULT '{}'
  );
  CREATE INDEX audit_pull ON dba.audit (repository_id, pull, id);
  CREATE FUNCTION dba.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit is only ever added to' USING ERRCODE = 'restrict_violation'; END $$;
  CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE ON dba.audit
    FOR EACH ROW EXECUTE FUNCTION dba.refuse_change();
  CREATE TRIGGER audit_stays BEFORE TRUNCATE ON dba.audit
    FOR EACH STATEMENT EXECUTE FUNCTION dba.refuse_change();

  CREATE TABLE dba.ignores (
    repository_id bigint NOT NULL,
    pull int NOT NULL,
    fingerprint text NOT NULL,
    installation_id bigint NOT NULL,
    reason text NOT NULL,
    until date,
    user_id bigint NOT NULL,
    login text NOT NULL,
    comment_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (repository_id, pull, fingerprint)
  );

  -- How far the loops that look for what was missed have come.
  CREATE TABLE dba.watermarks (
    name text PRIMARY KEY,
    value text NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
  );

  -- What was found of a subject, under a key over all that it follows from.
  CREATE TABLE dba.parts (
    repository_id bigint NOT NULL,
    subject text NOT NULL,
    installation_id bigint NOT NULL,
    key text NOT NULL,
    parts jsonb NOT NULL,
    quotes jsonb NOT NULL,
    code text,
    PRIMARY KEY (repository_id, subject)
  );

  -- Groups that merge queues asked about.
  CREATE TABLE dba.merge_groups (
    repository_id bigint NOT NULL,
    head text NOT NULL,
    installation_id bigint NOT NULL,
    base text NOT NULL,
    PRIMARY KEY (repository_id, head)
  );

  -- Who pushed to a pull request, as far as GitHub said.
  CREATE TABLE dba.pushers (
    repository_id bigint NOT NULL,
    pull int NOT NULL,
    user_id bigint NOT NULL,
    installation_id bigint NOT NULL,
    login text NOT NULL,
    PRIMARY KEY (repository_id, pull, user_id)
  );

  -- Buttons that were pressed and not acted on yet.
  CREATE TABLE dba.buttons (
    repository_id bigint NOT NULL,
    subject text NOT NULL,
    button text NOT NULL,
    installation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    login text NOT NULL,
    pressed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (repository_id, subject, button)
  );
  `,
  `
  -- What brokers want analysed, for as long as they want it. Not logged: what tenants wrote is then in no archive and on no replica.
  CREATE UNLOGGED TABLE dba.orders (
    id uuid PRIMARY KEY,
    installation_id bigint NOT NULL,
    -- Of the program: what one version asks another cannot answer.
    version text NOT NULL,
    input text NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    -- Put off by the broker while it waits: later than this nobody wants it any more.
    wanted_until timestamptz NOT NULL,
    tries int NOT NULL DEFAULT 0,
    lease_holder text,
    lease_until timestamptz,
    answer text,
    reason text,
    CHECK ((lease_holder IS NULL) = (lease_until IS NULL)),
    CHECK (answer IS NULL OR reason IS NULL)
  );
  CREATE INDEX orders_open ON dba.orders (version, tries, placed_at) WHERE answer IS NULL AND reason IS NULL;
  `,
  `
  -- How many pauses in a row it was, none of them long after the one before.
  ALTER TABLE dba.installations ADD COLUMN paused_times int NOT NULL DEFAULT 0;
  `,
]
