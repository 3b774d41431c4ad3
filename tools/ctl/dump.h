/* What dumps of the database and of one tenant share: a folder with one file
 * of data and manifest.json, which says what must be there again afterwards. */
#pragma once
#include <jansson.h>
#include "ctl.h"

/* Begins a transaction that sees one moment, for as long as it takes. */
MUST_CHECK bool dump_freeze(struct ctl *c);
/* {kind, created_at, public_version, tenant_version, server, roles, tables:
 * {name: [rows, checksum]}} of this moment; of the tenant (text), or of all
 * tables when it is NULL. The caller's; NULL (and a sentence) on failure. */
json_t *dump_describe(struct ctl *c, const char *tenant);
/* Adds the data file to the manifest (name, size, sha256) and writes that,
 * last, to folder/manifest.json. */
MUST_CHECK bool dump_seal(struct ctl *c, const char *folder, const char *file,
                          json_t *manifest);
/* Reads folder/manifest.json of that kind and checks the data file against it.
 * The caller's; NULL and a sentence when anything is another. */
json_t *dump_open(struct ctl *c, const char *folder, const char *kind);
/* Are the rows and checksums those of the manifest? Says what differs. */
MUST_CHECK bool dump_compare(struct ctl *c, const char *tenant,
                             const json_t *manifest);
/* A folder that only this user can read; made when it is not there. False, and
 * a sentence, when it holds a manifest already. */
MUST_CHECK bool dump_folder(struct ctl *c, const char *folder);

/* dump_tenant.c */
int dump_tenant(struct ctl *c, const char *folder, const char *tenant);
int dump_tenant_restore(struct ctl *c, const char *folder, const char *tenant);
