/* Gathers what must not be found in the anonymised report. */
#include <string.h>

#include "base/str.h"
#include "invoice/anonymise.h"
#include "base/banned.h"

enum { NEEDLES_MAX = 512, WORDS_MAX = 64, WORD_LETTERS = 4 };

struct gathering {
    struct arena *arena;
    struct needle *list;
    size_t n;
};

static void add(struct gathering *g, enum needle_kind kind, const char *text)
{
    if (!text || !*str_trim(g->arena, text) || g->n == NEEDLES_MAX)
        return;
    g->list[g->n++] = (struct needle){kind, arena_strdup(g->arena, text)};
}

/* Words that stand in names and addresses of everybody. */
static bool is_common(const char *folded)
{
    static const char *const common[] = {
        "madame",     "monsieur",    "mademoiselle", "mlle",
        "sarl",       "sasu",        "eurl",         "societe",
        "entreprise", "entreprises", "energie",      "energies",
        "france",     "avenue",      "boulevard",    "place",
        "chemin",     "route",       "allee",        "impasse",
        "square",     "quai",        "cours",        "cedex",
        "batiment",   "appartement", "etage",        "residence",
        "lieu",       "saint",       "sainte",       "association",
        "compagnie",  "groupe"};
    for (size_t i = 0; i < ARRAY_LEN(common); i++)
        if (str_eq(common[i], folded))
            return true;
    return false;
}

/* Letters of the folded word, counted in code points. */
static size_t letters(const char *folded)
{
    size_t n = 0;
    for (uint32_t cp; (cp = str_utf8_next(&folded)) != 0;)
        n += (cp >= 'a' && cp <= 'z') || cp >= 0xC0;
    return n;
}

static bool is_letter_or_digit(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
           (cp >= '0' && cp <= '9') || cp >= 0xC0;
}

/* Every word of four letters or more of a name or address. */
static void add_words(struct gathering *g, const char *text)
{
    for (size_t found = 0; *text && found < WORDS_MAX;) {
        const char *from = text, *end = text;
        for (uint32_t cp; (cp = str_utf8_next(&end)) != 0;) {
            if (!is_letter_or_digit(cp))
                break;
            text = end;
        }
        if (text == from) {
            str_utf8_next(&text);
            continue;
        }
        char *word = arena_strndup(g->arena, from, (size_t)(text - from));
        const char *folded = str_fold(g->arena, word);
        if (letters(folded) >= WORD_LETTERS && !is_common(folded)) {
            add(g, NEEDLE_WORD, word);
            found++;
        }
    }
}

static size_t digits(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += *s >= '0' && *s <= '9';
    return n;
}

static bool is_name(enum field_id id)
{
    return id == F_customer_name || id == F_billing_address ||
           id == F_site_address;
}

static void add_field(struct gathering *g, const struct invoice *inv,
                      enum field_id id)
{
    const struct value *v = &inv->f[id];
    if (!v->present || !v->text || !field_infos[id].identifying)
        return;
    add(g, NEEDLE_NAME, v->text);
    if (is_name(id))
        add_words(g, v->text);
    else if (digits(v->text) >= 5)
        add(g, NEEDLE_DIGITS, v->text);
}

/* The detected supplier's row: by SIREN, else by one of its names. */
static bool is_row_of(struct arena *a, const struct supplier *s,
                      const struct invoice *inv)
{
    const char *siren = invoice_text(inv, F_supplier_siren);
    const char *name = invoice_text(inv, F_supplier_name);
    if (siren && *siren && str_eq(siren, s->siren))
        return true;
    if (!name || !*name)
        return false;
    const char *folded = str_fold(a, name);
    for (size_t i = 0; i < s->n_names; i++)
        if (str_eq(folded, str_fold(a, s->names[i])))
            return true;
    return false;
}

static void add_supplier(struct gathering *g, const struct supplier *s)
{
    add(g, NEEDLE_NAME, s->name);
    for (size_t i = 0; i < s->n_names; i++)
        add(g, NEEDLE_NAME, s->names[i]);
    for (size_t i = 0; i < s->n_domains; i++)
        add(g, NEEDLE_DOMAIN, s->domains[i]);
    for (size_t i = 0; i < s->n_phones; i++)
        add(g, NEEDLE_DIGITS, s->phones[i]);
    if (s->siren && *s->siren)
        add(g, NEEDLE_DIGITS, s->siren);
}

size_t anonymise_needles(struct arena *a, const struct reference *ref,
                         const struct audit_request *req,
                         const struct invoice *inv, struct needle **out)
{
    struct gathering g = {a, ARENA_ARRAY(a, NEEDLES_MAX, struct needle), 0};
    for (int i = 0; i < F_MAX; i++)
        add_field(&g, inv, (enum field_id)i);
    if (req->customer_name) {
        add(&g, NEEDLE_NAME, req->customer_name);
        add_words(&g, req->customer_name);
    }
    for (size_t i = 0; ref && i < ref->n_suppliers; i++)
        if (is_row_of(a, &ref->suppliers[i], inv))
            add_supplier(&g, &ref->suppliers[i]);
    for (size_t i = 0; i < inv->n_needles; i++)
        add(&g, inv->needles[i].kind, inv->needles[i].text);
    *out = g.list;
    return g.n;
}
