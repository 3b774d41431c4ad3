/* The manifest of a run, which says what a complete one holds. */
#pragma once
#include <jansson.h>
#include "base/arena.h"

/* env, run_id, timestamp, user_id, invoice_id, external_ref, energy_type,
 * customer_name, highlights, original_pages and, once added, files. Facts are
 * those that the run was put in line with. The caller's. */
json_t *backup_upload_manifest(const char *run_id, const char *timestamp,
                               const json_t *facts);
