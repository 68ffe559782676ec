/** Functions that take their time by intent, or do as much work as they are asked to. */
const SLOW: ReadonlySet<string> = new Set(
  `pg_sleep pg_sleep_for pg_sleep_until dblink dblink_exec lo_import gin_clean_pending_list brin_summarize_new_values
  create_distributed_table create_distributed_table_concurrently create_reference_table undistribute_table
  alter_distributed_table`.split(/\s+/),
)

/** Built-in functions that only compute, or whose effect is small and known: settings, sequences, the session's own locks. */
const BRIEF: ReadonlySet<string> = new Set(
  `count sum min max avg every bool_and bool_or row_number rank dense_rank lag lead first_value last_value ntile
  array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
  now age statement_timestamp transaction_timestamp clock_timestamp timezone extract date_part date_trunc date_bin make_date
  make_interval make_timestamp make_timestamptz to_timestamp to_date to_char to_number
  lower upper initcap length char_length octet_length bit_length trim btrim ltrim rtrim lpad rpad replace translate substr
  substring split_part left right concat concat_ws format reverse strpos position overlay repeat chr ascii md5 sha256 encode decode
  regexp_replace regexp_match regexp_matches regexp_like regexp_count regexp_substr regexp_split_to_array regexp_split_to_table
  string_to_array string_to_table unaccent similarity quote_ident quote_literal quote_nullable
  abs ceil ceiling floor round trunc power mod sqrt sign random div exp ln log
  array_length array_append array_cat array_prepend array_remove array_replace array_position array_to_string cardinality unnest
  generate_series generate_subscripts
  to_json to_jsonb row_to_json json_build_object jsonb_build_object json_build_array jsonb_build_array jsonb_set jsonb_insert
  jsonb_array_elements json_array_elements jsonb_array_elements_text json_array_elements_text jsonb_array_length json_array_length
  jsonb_each json_each jsonb_each_text json_each_text jsonb_object_keys json_object_keys jsonb_typeof json_typeof
  jsonb_extract_path jsonb_extract_path_text jsonb_strip_nulls jsonb_pretty jsonb_path_query jsonb_path_exists
  to_tsvector to_tsquery plainto_tsquery websearch_to_tsquery setweight
  gen_random_uuid uuidv4 uuidv7 uuid_generate_v1 uuid_generate_v4 gen_random_bytes digest crypt gen_salt
  version current_database current_schema current_schemas current_setting pg_backend_pid pg_typeof format_type
  to_regclass to_regtype to_regproc to_regnamespace has_table_privilege has_schema_privilege
  pg_get_serial_sequence pg_get_constraintdef pg_get_indexdef pg_get_viewdef pg_get_functiondef pg_get_expr pg_table_size
  pg_relation_size pg_total_relation_size pg_database_size obj_description col_description
  set_config setval nextval currval lastval pg_notify pg_advisory_lock pg_advisory_xact_lock pg_try_advisory_lock
  pg_try_advisory_xact_lock pg_advisory_unlock pg_advisory_unlock_all pg_advisory_lock_shared pg_advisory_xact_lock_shared`.split(
    /\s+/,
  ),
)

/** What calling a function can do, by its unqualified lower-case name: `unknown` is anything nobody here has read. */
export function callOf(name: string): 'brief' | 'slow' | 'unknown' {
  return SLOW.has(name) ? 'slow' : BRIEF.has(name) ? 'brief' : 'unknown'
}
