import type { Provided } from '../../model/migration.js'

/*
 * A sketch of what every database of Supabase has before the first migration, written from its documentation:
 * https://supabase.com/docs/guides/database/postgres/roles, /docs/guides/auth/managing-user-data,
 * /docs/guides/storage/schema/helper-functions, /docs/guides/database/extensions, /docs/guides/database/vault and
 * /docs/guides/realtime/authorization. It has what migrations refer to: the names and types are Supabase's, the bodies of
 * functions do the least that their callers can see, and who owns what, the privileges, triggers and further tables are left
 * out. docs/frameworks/supabase.md says what it holds.
 */

/** Roles belong to the cluster, where they may be already. */
function role(name: string): string {
  return `DO $$ BEGIN CREATE ROLE ${name} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`
}

const ROLES = [
  ...['anon', 'authenticated', 'service_role', 'authenticator', 'dashboard_user', 'postgres'],
  ...['supabase_admin', 'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin'],
].map(role)

const SCHEMAS = ['auth', 'storage', 'extensions', 'realtime', 'vault', 'graphql', 'graphql_public'].map(
  (schema) => `CREATE SCHEMA ${schema}`,
)

/** Those that a database has without being asked, as far as PostgreSQL itself brings them. */
const EXTENSIONS = ['"uuid-ossp"', 'pgcrypto'].map(
  (name) => `CREATE EXTENSION IF NOT EXISTS ${name} WITH SCHEMA extensions`,
)

/** A claim of the token that a request brought; null outside one. */
function claim(name: string, type: string): string {
  return `CREATE FUNCTION auth.${name === 'sub' ? 'uid' : name}() RETURNS ${type} LANGUAGE sql STABLE
    AS $$ SELECT (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> '${name}')::${type} $$`
}

const AUTH = [
  `CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $$`,
  claim('sub', 'uuid'),
  claim('role', 'text'),
  claim('email', 'text'),
  `CREATE TYPE auth.aal_level AS ENUM ('aal1', 'aal2', 'aal3')`,
  `CREATE TYPE auth.factor_type AS ENUM ('totp', 'webauthn', 'phone')`,
  `CREATE TYPE auth.factor_status AS ENUM ('unverified', 'verified')`,
  `CREATE TABLE auth.users (
    id uuid PRIMARY KEY, instance_id uuid, aud varchar(255), role varchar(255), email varchar(255),
    encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz,
    confirmation_token varchar(255), confirmation_sent_at timestamptz,
    recovery_token varchar(255), recovery_sent_at timestamptz,
    email_change_token_new varchar(255), email_change varchar(255), email_change_sent_at timestamptz,
    email_change_token_current varchar(255) DEFAULT '', email_change_confirm_status smallint DEFAULT 0,
    last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean,
    created_at timestamptz, updated_at timestamptz, phone text UNIQUE, phone_confirmed_at timestamptz,
    phone_change text DEFAULT '', phone_change_token varchar(255) DEFAULT '', phone_change_sent_at timestamptz,
    confirmed_at timestamptz GENERATED ALWAYS AS (least(email_confirmed_at, phone_confirmed_at)) STORED,
    banned_until timestamptz, reauthentication_token varchar(255) DEFAULT '', reauthentication_sent_at timestamptz,
    is_sso_user boolean NOT NULL DEFAULT false, deleted_at timestamptz, is_anonymous boolean NOT NULL DEFAULT false)`,
  'CREATE UNIQUE INDEX users_email_partial_key ON auth.users (email) WHERE NOT is_sso_user',
  `CREATE TABLE auth.identities (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), provider_id text NOT NULL, provider text NOT NULL,
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE, identity_data jsonb NOT NULL,
    email text GENERATED ALWAYS AS (lower(identity_data ->> 'email')) STORED,
    last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz, UNIQUE (provider_id, provider))`,
  `CREATE TABLE auth.sessions (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    created_at timestamptz, updated_at timestamptz, factor_id uuid, aal auth.aal_level, not_after timestamptz,
    refreshed_at timestamp, user_agent text, ip inet, tag text)`,
  `CREATE TABLE auth.mfa_factors (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE, friendly_name text,
    factor_type auth.factor_type NOT NULL, status auth.factor_status NOT NULL,
    created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, secret text, phone text)`,
]

const STORAGE = [
  `CREATE TABLE storage.buckets (
    id text PRIMARY KEY, name text NOT NULL UNIQUE, owner uuid, owner_id text,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), public boolean DEFAULT false,
    avif_autodetection boolean DEFAULT false, file_size_limit bigint, allowed_mime_types text[])`,
  `CREATE TABLE storage.objects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text REFERENCES storage.buckets (id), name text,
    owner uuid, owner_id text, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
    last_accessed_at timestamptz DEFAULT now(), metadata jsonb, user_metadata jsonb, version text,
    path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED, UNIQUE (bucket_id, name))`,
  'ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY',
  `CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE
    AS $$ SELECT trim_array(string_to_array(name, '/'), 1) $$`,
  `CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT split_part(name, '/', -1) $$`,
  `CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT split_part(split_part(name, '/', -1), '.', -1) $$`,
]

const REALTIME = [
  'CREATE PUBLICATION supabase_realtime',
  `CREATE TABLE realtime.messages (
    id uuid DEFAULT gen_random_uuid(), topic text NOT NULL, extension text NOT NULL, payload jsonb, event text,
    private boolean DEFAULT false, updated_at timestamp NOT NULL DEFAULT now(), inserted_at timestamp NOT NULL DEFAULT now(),
    PRIMARY KEY (id, inserted_at))`,
  'ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY',
  `CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('realtime.topic', true), '') $$`,
  `CREATE FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void
    LANGUAGE sql AS $$ INSERT INTO realtime.messages (payload, event, topic, private, extension)
      VALUES (payload, event, topic, private, 'broadcast') $$`,
  `CREATE FUNCTION realtime.broadcast_changes(topic_name text, event_name text, operation text, table_name text,
      table_schema text, new record, old record, level text DEFAULT 'ROW') RETURNS void
    LANGUAGE plpgsql AS $$ BEGIN
      PERFORM realtime.send(jsonb_build_object('operation', operation, 'table', table_name, 'schema', table_schema),
        event_name, topic_name);
    END $$`,
]

const VAULT = [
  `CREATE TABLE vault.secrets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, description text NOT NULL DEFAULT '', secret text NOT NULL,
    key_id uuid, nonce bytea, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now())`,
  'CREATE UNIQUE INDEX secrets_name_idx ON vault.secrets (name) WHERE name IS NOT NULL',
  `CREATE VIEW vault.decrypted_secrets AS
    SELECT id, name, description, secret, secret AS decrypted_secret, key_id, nonce, created_at, updated_at FROM vault.secrets`,
  `CREATE FUNCTION vault.create_secret(new_secret text, new_name text DEFAULT NULL, new_description text DEFAULT '',
      new_key_id uuid DEFAULT NULL) RETURNS uuid LANGUAGE sql
    AS $$ INSERT INTO vault.secrets (secret, name, description) VALUES (new_secret, new_name, new_description) RETURNING id $$`,
  `CREATE FUNCTION vault.update_secret(secret_id uuid, new_secret text DEFAULT NULL, new_name text DEFAULT NULL,
      new_description text DEFAULT NULL, new_key_id uuid DEFAULT NULL) RETURNS void LANGUAGE sql
    AS $$ UPDATE vault.secrets SET secret = coalesce(new_secret, secret), name = coalesce(new_name, name),
      description = coalesce(new_description, description), updated_at = now() WHERE id = secret_id $$`,
]

/** What migrations of Supabase find. */
export const SUPABASE_PROVIDES: Provided = {
  statements: [...ROLES, ...SCHEMAS, ...EXTENSIONS, ...AUTH, ...STORAGE, ...REALTIME, ...VAULT],
  searchPath: '"$user", public, extensions',
}
