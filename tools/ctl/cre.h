/* The regulated electricity tariff as the CRE publishes it (open data:
 * Option_Base.csv, Option_HPHC.csv, Option_Tempo.csv), merged into our own
 * table. */
#pragma once
#include "ctl.h"
#include "invoice/sheet.h"

/* True when the file is named like one of the three. */
bool cre_is_file(const char *path);
/* The rows of base (trve_bleu_residentiel) with those of the file in the place
 * of the same option, power and first day, as TSV in c->a; *rows counts the
 * file's. NULL, with a sentence that names line and column, when anything in
 * the file is not as it must be. */
const char *cre_merge(struct ctl *c, const struct sheet *base, const char *path,
                      size_t *rows);
