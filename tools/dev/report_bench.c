/* Draws both reports of every sample into a folder and measures their CPU
 * time: report_bench FOLDER [ROUNDS]. Run from the top of the project after
 * `make share`. */
#include <stdlib.h>
#include <time.h>

#include "base/auto.h"
#include "document/leak.h"
#include "invoice/anonymise.h"
#include "invoice/report_pdf.h"
#include "sample_result.h"

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void save(const char *dir, const char *name, const char *kind,
                 struct bytes b)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s-%s.pdf", dir, name, kind);
    AUTO_FILE f = fopen(path, "wb");
    if (!f || fwrite(b.p, 1, b.n, f) != b.n)
        fprintf(stderr, "cannot write %s\n", path);
}

struct cost {
    double draw, prove; /* sums, milliseconds of CPU */
};

/* Draws both reports and proves the anonymised one as the document parent's
 * child does. */
static void pair(struct arena *a, const struct reference *ref,
                 const struct audit_request *req, struct audit_result *r,
                 struct bytes out[2], struct cost *cost)
{
    const double start = cpu_ms();
    struct report_model *full = report_model_new(a, ref, req, r);
    struct report_model *anon = anonymise_model(a, full, r);
    if (report_pdf(a, full, &out[0]) != OK ||
        report_pdf(a, anon, &out[1]) != OK)
        exit(1);
    const double drawn = cpu_ms();
    struct needle *needles;
    size_t n = anonymise_needles(a, ref, req, r->invoice, &needles);
    const char *found;
    if (leak_find(a, out[1], anonymise_neutral(a, anon), needles, n, &found))
        printf("leak: %s\n", found);
    cost->draw += drawn - start;
    cost->prove += cpu_ms() - drawn;
}

/* Variants that no sample has: long names, no reference. */
static void vary(const char *name, struct audit_result *r,
                 struct audit_request *req)
{
    if (str_eq(name, "long")) {
        req->customer_name = "Société Coopérative d’Intérêt Collectif "
                             "Agricole des Producteurs Réunis de l’Ouest";
        r->invoice->f[F_supplier_name].text =
            "Compagnie Générale Interdépartementale de Distribution "
            "d’Électricité et de Gaz Naturel de Saint-Barthélemy";
    }
    if (str_eq(name, "noref")) {
        r->overall = (struct market){
            .unavailable = true,
            .why = "référence indisponible pour la période facturée"};
        r->market[0] = r->overall;
        r->market[0].energy = ENERGY_ELEC;
        r->invoice->n_lines = 0;
    }
}

static void one(const struct reference *ref, const char *dir, const char *id,
                const char *name, int rounds)
{
    struct audit_request req = {.request_id = name, .confidence_min = 500};
    struct arena *a = arena_new(1 << 20);
    struct cost warm = {0}, cost = {0};
    struct bytes out[2] = {{NULL, 0}, {NULL, 0}};
    for (int i = 0; i < rounds; i++) {
        arena_reset(a);
        struct audit_result *r =
            sample_result(a, ref, id, str_eq(name, "long"));
        vary(name, r, &req);
        pair(a, ref, &req, r, out, i ? &cost : &warm);
    }
    save(dir, name, "full", out[0]);
    save(dir, name, "anon", out[1]);
    if (rounds == 1)
        cost = warm;
    const double n = rounds > 1 ? rounds - 1 : 1;
    printf("%-6s two reports %.2f ms CPU, proof %.2f ms, %zu + %zu bytes\n",
           name, cost.draw / n, cost.prove / n, out[0].n, out[1].n);
    arena_free(a);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return fprintf(stderr, "report_bench FOLDER [ROUNDS]\n"), 2;
    struct reference *ref = sample_reference();
    int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 1;
    static const char *const ids[] = {"S1", "S2", "S3", "S4", "S5", "S6"};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        one(ref, argv[1], ids[i], ids[i], rounds);
    one(ref, argv[1], "S2", "long", rounds);
    one(ref, argv[1], "S2", "noref", rounds);
    reference_free(ref);
    return 0;
}
