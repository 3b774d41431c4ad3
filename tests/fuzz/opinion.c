/* Any answer of a model, whether it fits the schema or not, read against one
 * page and reconciled with what the rules read there: nothing without proof
 * may move a value, and no confidence leaves its range. */
#include "invoice/reconcile.h"
#include <string.h>
#include "base/auto.h"
#include "base/str.h"
#include "fuzz.h"
#include "llm/llm_dialect.h"
#include "llm/llm_schema.h"
#include "paper.h"

static const char page[] =
    "Voltéa Énergie        SIREN 000 000 018\n"
    "PDL 99 123 456 789 012     Facture n° V-117 du 13 mai 2025\n"
    "Consommation Base    620 kWh   77,50 €\n"
    "Abonnement Base      2 mois    46,89 €\n"
    "Total HT     124,39 €\nTotal TVA     21,11 €\n"
    "Total TTC    145,50 €\n";

static const json_t *schema(void)
{
    static json_t *root;
    static const char *const paths[] = {
        "lib/templates/extraction_schema.json",
        "../lib/templates/extraction_schema.json"};
    for (size_t i = 0; i < ARRAY_LEN(paths) && !root; i++)
        root = json_load_file(paths[i], 0, NULL);
    FUZZ_CHECK(root);
    return json_object_get(root, "schema");
}

static struct invoice *record(struct arena *a)
{
    struct invoice *inv = ARENA_NEW(a, struct invoice);
    static const struct {
        enum field_id id;
        int64_t num;
    } rows[] = {{F_total_ht, 12439}, {F_total_tva, 2111}, {F_total_ttc, 14550}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        inv->f[rows[i].id] = (struct value){
            .present = true, .num = rows[i].num, .ev = {.conf = 900}};
    return inv;
}

static void check(struct arena *a, const json_t *answer, bool ocr)
{
    const struct layout *l = layout_build(a, paper_read(a, page, ocr));
    const struct opinion *op = opinion_read(a, answer, l, NULL);
    struct invoice *inv = record(a);
    struct reconciled done;
    reconcile(a, NULL, inv, op, &done);
    FUZZ_CHECK(done.n_used <= F_MAX);
    for (int i = 0; i < F_MAX; i++) {
        const struct value *v = &inv->f[i];
        FUZZ_CHECK(!v->present || (v->ev.conf >= 0 && v->ev.conf <= 980));
        FUZZ_CHECK(!v->present || !field_infos[i].identifying ||
                   op->f[i].verified);
    }
    /* the printed totals confirm each other: no answer moves the gross one */
    FUZZ_CHECK(inv->f[F_total_ttc].num == 14550);
}

/* The envelope of a provider may be anything too. */
static void envelope(struct arena *a, const char *text, const json_t *root)
{
    static const char *const names[] = {"openai", "mistral", "anthropic"};
    struct llm_reply reply;
    for (size_t i = 0; root && i < ARRAY_LEN(names); i++) {
        llm_dialect_find(names[i])->read(a, root, &reply);
        FUZZ_CHECK((reply.end == LLM_END_WHOLE) == (reply.value != NULL));
    }
    llm_dialect_may_retry(429, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 50000)
        return 0;
    struct arena *a = arena_new(65536);
    const char *text = arena_strndup(a, (const char *)data + 1, size - 1);
    AUTO_JSON root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    envelope(a, text, root);
    if (json_is_object(root) && llm_schema_fits(schema(), root))
        check(a, root, data[0] & 1);
    arena_free(a);
    return 0;
}
