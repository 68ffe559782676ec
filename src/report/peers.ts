/** A tool whose rules can be found again here. */
export interface Peer {
  readonly title: string
  /** The catalogue's codes, such as `B3`, by the tool's own name of a rule. */
  readonly codes: ReadonlyMap<string, readonly string[]>
}

/** What people come from: each tool's names of its rules, with the rows of the catalogue that they answer to. */
export const PEERS: readonly Peer[] = [
  peer(
    'squawk',
    `
    adding-field-with-default=C36/C37/C40 adding-foreign-key-constraint=C19/C44 adding-not-nullable-field=C34
    adding-required-field=D8 adding-serial-primary-key-field=C27/C38/C43 ban-alter-domain-with-add-constraint=C51
    ban-char-field=I16 ban-concurrent-index-creation-in-transaction=G1 ban-create-domain-with-constraint=C52
    ban-drop-column=B3 ban-drop-database=B6 ban-drop-not-null=D7 ban-drop-table=B1
    ban-duplicate-column-assignments=F32 ban-truncate-cascade=B10 ban-uncommitted-transaction=G6
    changing-column-type=C46 constraint-missing-not-valid=C19/C25/C32 disallowed-unique-constraint=C26/C43
    identifier-too-long=F37 prefer-bigint-over-int=I7 prefer-bigint-over-smallint=I8 prefer-identity=I9
    prefer-repack=C54/C55/C56 prefer-robust-stmts=G14 prefer-text-field=I14 prefer-timestamp-tz=I11 renaming-column=D2
    renaming-table=D1 require-concurrent-index-creation=C1 require-concurrent-index-deletion=C2
    require-concurrent-partition-detach=C12 require-concurrent-reindex=C3 require-enum-value-ordering=D27
    require-lock-timeout=C68 require-statement-timeout=C75 require-table-schema=K15 syntax-error=F34
    transaction-nesting=G5 unused-ignore=L3`,
  ),
  peer(
    'Atlas',
    `
    BC101=D1 BC102=D2 CD101=B18 DS101=B5 DS102=B1 DS103=B3 MF101=D11/F2 MF102=F2 MF103=D8 MF104=F1 NM101=K3 NM102=K3
    NM103=K4 NM104=K5 NM105=K8 NM106=K9 PG101=C1 PG102=C2 PG103=G1/G2 PG104=C27 PG105=C26 PG110=I45 PG301=C46
    PG302=C36/C38 PG303=C34 PG304=C28 PG305=C25 PG306=C19 PG307=C57 PG308=C63 PG309=C40 PG310=C39 PG311=C59`,
  ),
  peer(
    'strong_migrations',
    `
    add_check_constraint=C25 add_column_auto_incrementing=C38 add_column_default=C36/C37
    add_column_generated_stored=C40 add_column_json=I18 add_exclusion_constraint=C30 add_foreign_key=C19 add_index=C1
    add_index_columns=J5 add_index_corruption=C9 add_reference=C44 add_unique_constraint=C26 backfill=G8/G9
    change_column=C46/C48/C49/C50/D12 change_column_constraint=C47 change_column_default=D13/D14
    change_column_null_postgresql=C34 change_table=L1 check_down=E16 disable_ddl_transaction=G1 execute=L1
    lock_timeout=C68 remove_column=B3/D21 remove_index=C2 remove_invalid_indexes=G15 rename_column=D2
    rename_enum_value=D5 rename_schema=D3 rename_table=D1 statement_timeout=C75 validate_check_constraint=C32
    validate_foreign_key=C32`,
  ),
  peer(
    'eugene',
    `
    E1=C19/C25/C32/C44 E2=C34 E3=I18 E4=C32/C81/C87 E5=C46 E6=C1 E7=C26/C27 E8=C30 E9=C68 E10=C97 E11=C38/C39/C40
    E15=I33 W12=C85 W13=I25 W14=C28`,
  ),
  peer(
    'MigrationPilot',
    `
    MP001=C1 MP002=C34 MP003=C36/C37 MP004=C68 MP005=C19 MP006=C54 MP007=C46 MP008=C81/C82 MP009=C2 MP010=D2
    MP011=B12/G9 MP012=F14 MP013=C90 MP014=C91 MP015=C38 MP016=I33 MP017=B3 MP018=C34/F1 MP019=C92 MP020=C75 MP021=C3
    MP022=B2/B8 MP023=G14 MP024=B21 MP025=G1 MP026=B1 MP027=C26/C27 MP028=D1 MP029=D7 MP030=C25/C32 MP031=C30
    MP032=C55 MP033=C60 MP034=B6 MP035=B5 MP036=B10 MP037=I14 MP038=I7 MP039=I9 MP040=I11 MP041=I16 MP042=K1
    MP043=C51/C52 MP044=B17/F5 MP045=I1 MP046=C12 MP047=B26/C57 MP048=F45 MP049=F15 MP050=J15 MP051=J14
    MP052=D17/F19/F20 MP053=G6 MP054=F13 MP055=B19/D24 MP056=J12 MP057=D30/H2 MP058=C85 MP059=F10 MP060=D5 MP061=I45
    MP062=C40 MP063=L2 MP064=B27/C64 MP065=C67 MP066=I52 MP067=B11/G9 MP068=F12/I7 MP069=C20 MP070=G15/G17
    MP071=D2/D17 MP072=C14 MP073=H17 MP074=I35 MP075=I51 MP076=G13 MP077=I50 MP078=I55 MP079=H5 MP080=G8/G10 MP081=C35
    MP082=F41 MP083=F16 MP084=D8 MP085=H12 MP086=I34 MP087=F8 MP088=G11 MP089=C48 MP090=C63/I53 MP091=H15 MP092=C6/F22
    MP093=I47 MP094=C13 MP095=C58 MP096=C62 MP097=F21 MP098=D4 MP099=H21 MP100=J1 MP101=C7 MP102=C94 MP103=C95
    MP104=C8 MP105=C100 MP106=J16 MP107=C99 MP108=C18 MP109=J15 MP110=C17 MP111=C100 MP112=J15 SQ001=C83 SQ002=C84
    SQ003=C86 SQ004=A24/F30 SQ005=C89`,
  ),
  peer(
    'pgfence',
    `
    add-column-constant-default=C37 add-column-default-pre-pg11=C37 add-column-json=I18
    add-column-non-constant-default=C36 add-column-not-null-no-default=D8 add-column-serial=C38
    add-column-stored-generated=C40 add-constraint-check-no-not-valid=C25 add-constraint-exclude=C30
    add-constraint-fk-no-not-valid=C19 add-constraint-unique=C26 add-constraint-unique-using-index=C29
    add-constraint-unknown-type=C31 add-pk-using-index=C28/C29 add-pk-without-using-index=C27
    alter-column-set-not-null=C34 alter-column-type=C46 alter-enum-add-value=D26/F14 alter-enum-no-ordering=D27
    attach-partition=C13 ban-alter-domain-add-constraint=C51 ban-char-field=I16 ban-create-domain-with-constraint=C52
    concurrent-in-transaction=G1 create-index-not-concurrent=C1 create-table-exclude-constraint=C30 create-trigger=C63
    delete-without-where=B11 detach-partition=C12 detach-partition-concurrent=C12 drop-column=B3 drop-constraint=B18
    drop-database=B6 drop-index-not-concurrent=C2 drop-not-null=D7 drop-schema=B5 drop-schema-cascade=B5 drop-table=B1
    drop-trigger=B23/C65 enable-disable-trigger=B27/C64 fk-missing-index=I33
    lock-timeout-after-dangerous-statement=C71 lock-timeout-too-long=C70 lock-timeout-zero=C69
    missing-application-name=C79 missing-idle-timeout=C77 missing-lock-timeout=C68 missing-statement-timeout=C75
    not-valid-validate-same-tx=C32 prefer-bigint-over-int=I7 prefer-identity=I9 prefer-robust-create-index=G14
    prefer-robust-create-table=G14 prefer-robust-drop-index=G14 prefer-robust-drop-table=G14 prefer-text-field=I14
    prefer-timestamptz=I11 refresh-matview-blocking=C60 refresh-matview-concurrent=C61/F24 reindex-non-concurrent=C3
    rename-column=D2 rename-schema=D3 rename-table=D1 set-logged-unlogged=C57 statement-after-access-exclusive=C81
    statement-timeout-too-long=C76 trace-error=C96 trace-only=C96/C97 truncate=B9 truncate-cascade=B10
    unclosed-transaction=G6 update-in-migration=B12/G9 vacuum-full=C54 validate-constraint=C33 wide-lock-window=C82`,
  ),
  peer(
    'pg-migration-lint',
    `
    PGM001=C1/C6/F22 PGM002=C2 PGM003=G1 PGM004=C12 PGM005=C13 PGM006=C36 PGM007=C46/C49 PGM008=D8 PGM009=B3 PGM010=B4
    PGM011=B4/B19 PGM012=B4 PGM013=C34 PGM014=C19 PGM015=C25 PGM016=C27/C28 PGM017=C26 PGM018=C55 PGM019=C30
    PGM020=B27/C64 PGM021=C54 PGM022=C3 PGM023=C85 PGM101=I11 PGM102=I12 PGM103=I16 PGM104=I17 PGM105=I9 PGM106=I18
    PGM107=I7 PGM108=I14 PGM109=I20 PGM201=B1 PGM202=B2 PGM203=B9 PGM204=B10 PGM205=B5 PGM301=G10 PGM302=G9 PGM303=G9
    PGM401=G14 PGM402=G14 PGM403=G16 PGM501=I33 PGM502=I1 PGM503=I2 PGM504=D1 PGM505=D2 PGM506=B26 PGM507=D7 PGM508=J1
    PGM509=K14 PGM901=E16`,
  ),
]

function peer(title: string, table: string): Peer {
  const rows = table.trim().split(/\s+/)
  const codes = rows.map((row) => {
    const [id = '', found = ''] = row.split('=')
    return [id, found.split('/')] as const
  })
  return { title, codes: new Map(codes) }
}

/** What other tools call a rule that answers to some rows of the catalogue, tool by tool. */
export function peersOf(
  rows: readonly string[],
): readonly { readonly title: string; readonly ids: readonly string[] }[] {
  return PEERS.flatMap(({ title, codes }) => {
    const ids = [...codes].flatMap(([id, found]) => (found.some((code) => rows.includes(code)) ? [id] : []))
    return ids.length === 0 ? [] : [{ title, ids }]
  })
}
