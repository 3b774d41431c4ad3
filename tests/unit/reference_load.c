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

#define VAT_HEAD                                                               \
    "component\tvalid_from\tvalid_to\trate_pct\tcondition\tverified\n"
#define MONTH_HEAD                                                             \
    "month\tusage\tabo_eur_an_ttc\tkwh_eur_ttc\tverified\n"

static void refused(void)
{
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
        {"tva", VAT_HEAD "cta\t2025-08-01\t\t5.555\tall\tyes\n", "3 digits",
         false},
        {"tva", VAT_HEAD "cta\t2025-08-01\t\t20\tall\tmaybe\n", "verified",
         false},
        {"tva", "component\n", "missing column", false},
        {"tva", "", "empty", false},
        {"tva", VAT_HEAD "c\xff\t2025-08-01\t\t20\tall\tyes\n", "UTF-8", false},
        {"prvg_gaz_cre", MONTH_HEAD "2025-13\tchauffage\t1\t1\tyes\n", "month",
         false},
        {"prvg_gaz_cre", MONTH_HEAD "2025-12\tfour\t1\t1\tyes\n", "usage",
         false},
        {"patterns", "id\tregex\tgroups\nx\t(\t1\n", "regex", false},
    };
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
