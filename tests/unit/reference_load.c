/* Malformed reference files are refused whole, never half loaded. */
#include "invoice/reference_load.h"
#include <stdlib.h>
#include <unistd.h>
#include "tap.h"

/* Copies the seeds with one file replaced; true when they still load. */
static bool loads_with(const char *file, const char *content)
{
    char dir[] = "/tmp/comptoir-ref-XXXXXX", real[512];
    if (!mkdtemp(dir))
        return true;
    char path[128];
    for (size_t i = 0; i < reference_load_n_tables; i++) {
        char *cwd = realpath("sql/seeds/energy", NULL);
        const char *name = reference_load_tables[i].name;
        snprintf(path, sizeof path, "%s/%s.tsv", dir, name);
        snprintf(real, sizeof real, "%s/%s.tsv", cwd, name);
        if (strcmp(name, file) != 0 && symlink(real, path) < 0)
            printf("# symlink failed\n");
        free(cwd);
    }
    snprintf(path, sizeof path, "%s/%s.tsv", dir, file);
    FILE *f = fopen(path, "w");
    fputs(content, f);
    fclose(f);
    struct reference *r = reference_from_tsv(dir, NULL);
    for (size_t i = 0; i < reference_load_n_tables; i++) {
        snprintf(path, sizeof path, "%s/%s.tsv", dir,
                 reference_load_tables[i].name);
        unlink(path);
    }
    rmdir(dir);
    const bool good = r != NULL;
    reference_free(r);
    return good;
}

#define VAT_HEAD \
    "component\tvalid_from\tvalid_to\trate_pct\tcondition\tverified\n"
#define MONTH_HEAD "month\tusage\tabo_eur_an_ttc\tkwh_eur_ttc\tverified\n"

#define CTA_HEAD "energy\tsegment\tvalid_from\tvalid_to\trate_pct\tverified\n"
#define ATRD_HEAD                                                           \
    "valid_from\tvalid_to\toption\tcar_min_kwh\tcar_max_kwh\tabo_eur_an_ht" \
    "\tverified\n"
#define TURPE_HEAD                                                           \
    "valid_from\tvalid_to\tfta\tsegment\tcg_eur_an\tcc_eur_an\tb_eur_kva_an" \
    "\tb_hph\tb_hch\tb_hpb\tb_hcb\tc_hph_cts\tc_hch_cts\tc_hpb_cts"          \
    "\tc_hcb_cts\tc_hp_cts\tc_hc_cts\tc_base_cts\tverified\n"

#define OFFER_HEAD                                                            \
    "energy\toption\tkva\tabo_mois_ttc\tkwh_base\tkwh_hp\tkwh_hc\tvalid_from" \
    "\tvalid_to\n"

static const struct {
    const char *file, *content, *why;
    bool good;
} rows[] = {
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t20\tall\tyes\n", "whole", true},
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t20\tall\tyes", "no newline", true},
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t20\tall\tyes\r\n", "CRLF", true},
    {"tva", VAT_HEAD "cta\t2025-02-30\t\t20\tall\tyes\n", "date", false},
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t20\tyes\n", "short row", false},
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t20,0\tall\tyes\n", "comma", false},
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t-5\tall\tyes\n", "negative", false},
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t5.555\tall\tyes\n", "3 digits", false},
    {"tva", VAT_HEAD "cta\t2025-08-01\t\t20\tall\tmaybe\n", "verified", false},
    {"tva", "component\n", "missing column", false},
    {"tva", "", "empty", false},
    {"tva", VAT_HEAD "c\xff\t2025-08-01\t\t20\tall\tyes\n", "UTF-8", false},
    {"prvg_gaz_cre", MONTH_HEAD "2025-13\tchauffage\t1\t1\tyes\n", "month",
     false},
    {"prvg_gaz_cre", MONTH_HEAD "2025-12\tfour\t1\t1\tyes\n", "usage", false},
    {"cta", CTA_HEAD "elec\ttransport_>=50kV\t2026-02-01\t\t5.00\tyes\n",
     "whole", true},
    {"cta", CTA_HEAD "gaz\ttransport_>=50kV\t2026-02-01\t\t5.00\tyes\n",
     "segment of the other energy", false},
    {"cta", CTA_HEAD "elec\tdistribution_<50kV\t2026-02-01\t\t5,00\tyes\n",
     "comma", false},
    {"atrd_grdf", ATRD_HEAD "2026-07-01\t\tT4\t5000000\t\t1\tyes\n",
     "no upper end", true},
    {"atrd_grdf", ATRD_HEAD "2026-07-01\t\tT1\t0\t4 000\t1\tyes\n",
     "space in a number", false},
    {"atrd_grdf", ATRD_HEAD "2026-07-01\t\tT1\t\t4000\t1\tyes\n",
     "no lower end", false},
    {"atrd_grdf", ATRD_HEAD "2026-07-01\t\tT1 old\t0\t1\t1\tyes\n", "no class",
     false},
    {"turpe",
     TURPE_HEAD "2026-08-01\t\tBTINFLU\tC5_BT<=36\t1\t1\t1\t\t\t\t\t0\t0"
                "\t0\t0\t0\t0\t1.25\tyes\n",
     "whole", true},
    {"turpe",
     TURPE_HEAD "2026-08-01\t\tBTINFLU\tC5_BT<=36\t-1\t1\t1\t\t\t\t\t0\t0"
                "\t0\t0\t0\t0\t1.25\tyes\n",
     "negative price", false},
    {"offers", OFFER_HEAD, "none", true},
    {"offers", OFFER_HEAD "elec\tBASE\t9\t18\t0.18\t\t\t2025-01-01\t\n",
     "whole", true},
    {"offers", OFFER_HEAD "gaz\t\t\t25\t0.09\t\t\t2025-01-01\t\n",
     "gas of any class", true},
    {"offers", OFFER_HEAD "elec\tBASE\t\t18\t0.18\t\t\t2025-01-01\t\n",
     "no power", false},
    {"offers", OFFER_HEAD "gaz\tT2\t9\t18\t0.18\t\t\t2025-01-01\t\n",
     "gas with a power", false},
    {"offers", OFFER_HEAD "bois\t\t\t18\t0.18\t\t\t2025-01-01\t\n", "energy",
     false},
    {"patterns", "id\tregex\tgroups\nx\t(\t1\n", "regex", false},
};

static void refused(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_ok(loads_with(rows[i].file, rows[i].content) == rows[i].good,
               "%s %s: %s", rows[i].file, rows[i].why,
               rows[i].good ? "taken" : "refused");
}

int main(void)
{
    refused();
    return tap_done();
}
