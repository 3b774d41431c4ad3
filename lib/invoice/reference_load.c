/* One table a file of reference data: which columns, what they become. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "invoice/reference_load.h"
#include <pcre2.h>
#include <stddef.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "sql/reference.h"

enum { LIST_MAX = 32 };

#define ROWS(r, s, type) ARENA_ARRAY((r)->memory, (s)->n_rows, type)
#define FILL(r, s, fields, rows)                                               \
    sheet_fill((r)->memory, s, fields, ARRAY_LEN(fields), rows, sizeof *(rows))

static bool fill_trve(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct trve_row, from, "valid_from", CELL_DATE),
        SHEET_FIELD(struct trve_row, to, "valid_to", CELL_DATE_OPEN),
        SHEET_FIELD(struct trve_row, option, "option", CELL_CHARS),
        SHEET_FIELD(struct trve_row, kva, "kva", CELL_COUNT),
        SHEET_FIELD(struct trve_row, month_ttc, "abo_eur_mois_ttc", CELL_MICRO),
        SHEET_FIELD(struct trve_row, base, "kwh_base", CELL_MICRO),
        SHEET_FIELD(struct trve_row, hp, "kwh_hp", CELL_MICRO),
        SHEET_FIELD(struct trve_row, hc, "kwh_hc", CELL_MICRO),
        SHEET_FIELD(struct trve_row, tempo[0], "bleu_hc", CELL_MICRO),
        SHEET_FIELD(struct trve_row, tempo[1], "bleu_hp", CELL_MICRO),
        SHEET_FIELD(struct trve_row, tempo[2], "blanc_hc", CELL_MICRO),
        SHEET_FIELD(struct trve_row, tempo[3], "blanc_hp", CELL_MICRO),
        SHEET_FIELD(struct trve_row, tempo[4], "rouge_hc", CELL_MICRO),
        SHEET_FIELD(struct trve_row, tempo[5], "rouge_hp", CELL_MICRO),
        SHEET_FIELD(struct trve_row, verified, "verified", CELL_VERIFIED),
    };
    r->trve = ROWS(r, s, struct trve_row);
    r->n_trve = s->n_rows;
    return FILL(r, s, fields, r->trve);
}

/* True for one word, false for the other; anything else is malformed. */
static bool either(const struct sheet *s, size_t row, const char *column,
                   const char *const words[2], bool *out)
{
    const char *cell = sheet_cell(s, row, column);
    *out = str_eq(cell, words[1]);
    return *out || str_eq(cell, words[0]) || sheet_bad(s, row, column, cell);
}

static bool fill_prvg(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct prvg_row, month, "month", CELL_MONTH),
        SHEET_FIELD(struct prvg_row, year_ttc, "abo_eur_an_ttc", CELL_MICRO),
        SHEET_FIELD(struct prvg_row, kwh_ttc, "kwh_eur_ttc", CELL_MICRO),
        SHEET_FIELD(struct prvg_row, verified, "verified", CELL_VERIFIED),
    };
    static const char *const usages[2] = {"cuisson_ecs", "chauffage"};
    r->prvg = ROWS(r, s, struct prvg_row);
    r->n_prvg = s->n_rows;
    for (size_t i = 0; i < s->n_rows; i++)
        if (!either(s, i, "usage", usages, &r->prvg[i].heating))
            return false;
    return FILL(r, s, fields, r->prvg);
}

/* The power category stands at the end of the name: "<=36kVA",
 * "36-250kVA" (above 36), ">250kVA"; a name without one is for all. */
static bool power_range(const char *category, int32_t *from, int32_t *to)
{
    const char *p = strrchr(category, '_');
    int64_t lo, hi;
    char text[16];
    *from = 0;
    *to = INT32_MAX;
    if (!p || !str_ends(category, "kVA"))
        return true;
    p++;
    const size_t n = strlen(p) - strlen("kVA");
    if (n >= sizeof text)
        return false;
    memcpy(text, p, n);
    text[n] = '\0';
    if (str_starts(text, "<=") && str_to_i64(text + 2, &hi)) {
        *to = (int32_t)hi;
        return true;
    }
    if (*text == '>' && str_to_i64(text + 1, &lo)) {
        *from = (int32_t)lo + 1;
        return true;
    }
    char *dash = strchr(text, '-');
    if (!dash)
        return false;
    *dash = '\0';
    if (!str_to_i64(text, &lo) || !str_to_i64(dash + 1, &hi))
        return false;
    *from = (int32_t)lo + 1;
    *to = (int32_t)hi;
    return true;
}

static bool fill_excise(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct excise_row, category, "category", CELL_CHARS),
        SHEET_FIELD(struct excise_row, from, "valid_from", CELL_DATE),
        SHEET_FIELD(struct excise_row, to, "valid_to", CELL_DATE_OPEN),
        SHEET_FIELD(struct excise_row, micro_per_mwh, "rate_eur_mwh",
                    CELL_MICRO),
        SHEET_FIELD(struct excise_row, verified, "verified", CELL_VERIFIED),
    };
    static const char *const energies[2] = {"elec", "gaz"};
    r->excise = ROWS(r, s, struct excise_row);
    r->n_excise = s->n_rows;
    if (!FILL(r, s, fields, r->excise))
        return false;
    for (size_t i = 0; i < s->n_rows; i++) {
        struct excise_row *row = &r->excise[i];
        if (!either(s, i, "energy", energies, &row->gas))
            return false;
        if (!power_range(row->category, &row->kva_from, &row->kva_to))
            return sheet_bad(s, i, "category", row->category);
    }
    return true;
}

static bool fill_vat(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct vat_row, component, "component", CELL_CHARS),
        SHEET_FIELD(struct vat_row, from, "valid_from", CELL_DATE),
        SHEET_FIELD(struct vat_row, to, "valid_to", CELL_DATE_OPEN),
        SHEET_FIELD(struct vat_row, rate_bp, "rate_pct", CELL_RATE),
        SHEET_FIELD(struct vat_row, verified, "verified", CELL_VERIFIED),
    };
    r->vat = ROWS(r, s, struct vat_row);
    r->n_vat = s->n_rows;
    for (size_t i = 0; i < s->n_rows; i++)
        r->vat[i].over_36kva =
            strstr(sheet_cell(s, i, "condition"), ">36 kVA") != NULL;
    return FILL(r, s, fields, r->vat);
}

static bool fill_cta(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct cta_row, from, "valid_from", CELL_DATE),
        SHEET_FIELD(struct cta_row, to, "valid_to", CELL_DATE_OPEN),
        SHEET_FIELD(struct cta_row, rate_bp, "rate_pct", CELL_RATE),
        SHEET_FIELD(struct cta_row, verified, "verified", CELL_VERIFIED),
    };
    static const char *const parts[CTA_MAX] = {
        [CTA_ELEC] = "elec distribution_<50kV",
        [CTA_ELEC_TRANSPORT] = "elec transport_>=50kV",
        [CTA_GAS] = "gaz distribution",
        [CTA_GAS_SHARE] = "gaz transport_quote_part",
        [CTA_GAS_COEF] = "gaz coef_transport"};
    r->cta = ROWS(r, s, struct cta_row);
    r->n_cta = s->n_rows;
    for (size_t i = 0; i < s->n_rows; i++) {
        const char *energy = sheet_cell(s, i, "energy"),
                   *segment = sheet_cell(s, i, "segment");
        const size_t n = strlen(energy);
        enum cta_part p = 0;
        while (p < CTA_MAX &&
               !(str_starts(parts[p], energy) && parts[p][n] == ' ' &&
                 str_eq(parts[p] + n + 1, segment)))
            p++;
        if (p == CTA_MAX)
            return sheet_bad(s, i, "segment", segment);
        r->cta[i].part = p;
    }
    return FILL(r, s, fields, r->cta);
}

/* What a row of turpe.tsv holds beside the row of the tables. */
struct turpe_cells {
    struct turpe_row row;
    int64_t management, metering, one_b;
};

static bool fill_turpe(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct turpe_cells, row.from, "valid_from", CELL_DATE),
        SHEET_FIELD(struct turpe_cells, row.to, "valid_to", CELL_DATE_OPEN),
        SHEET_FIELD(struct turpe_cells, row.fta, "fta", CELL_CHARS),
        SHEET_FIELD(struct turpe_cells, management, "cg_eur_an", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, metering, "cc_eur_an", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, one_b, "b_eur_kva_an", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kva_year[0], "b_hph", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kva_year[1], "b_hch", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kva_year[2], "b_hpb", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kva_year[3], "b_hcb", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kwh[0], "c_hph_cts", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kwh[1], "c_hch_cts", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kwh[2], "c_hpb_cts", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kwh[3], "c_hcb_cts", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kwh[4], "c_hp_cts", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kwh[5], "c_hc_cts", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.kwh[6], "c_base_cts", CELL_MICRO),
        SHEET_FIELD(struct turpe_cells, row.verified, "verified",
                    CELL_VERIFIED),
    };
    struct turpe_cells *cells = ROWS(r, s, struct turpe_cells);
    r->turpe = ROWS(r, s, struct turpe_row);
    r->n_turpe = s->n_rows;
    if (!FILL(r, s, fields, cells))
        return false;
    for (size_t i = 0; i < s->n_rows; i++) {
        struct turpe_cells *c = &cells[i];
        c->row.over_36kva = strstr(sheet_cell(s, i, "segment"), ">36") != NULL;
        c->row.fixed_year = c->management < 0 || c->metering < 0
                                ? -1
                                : c->management + c->metering;
        if (!c->row.over_36kva)
            c->row.kva_year[0] = c->one_b;
        r->turpe[i] = c->row;
    }
    return true;
}

static bool fill_atrd(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct atrd_row, from, "valid_from", CELL_DATE),
        SHEET_FIELD(struct atrd_row, to, "valid_to", CELL_DATE_OPEN),
        SHEET_FIELD(struct atrd_row, class, "option", CELL_CHARS),
        SHEET_FIELD(struct atrd_row, kwh_from, "car_min_kwh", CELL_COUNT),
        SHEET_FIELD(struct atrd_row, year, "abo_eur_an_ht", CELL_MICRO),
        SHEET_FIELD(struct atrd_row, verified, "verified", CELL_VERIFIED),
    };
    r->atrd = ROWS(r, s, struct atrd_row);
    r->n_atrd = s->n_rows;
    for (size_t i = 0; i < s->n_rows; i++) {
        const char *cell = sheet_cell(s, i, "car_max_kwh");
        int64_t most = INT32_MAX;
        if (*cell && (!str_to_i64(cell, &most) || most < 0 || most > INT32_MAX))
            return sheet_bad(s, i, "car_max_kwh", cell);
        r->atrd[i].kwh_to = (int32_t)most;
    }
    return FILL(r, s, fields, r->atrd);
}

/* Empty cells of the power are those of gas. */
static bool fill_offers(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct offer_row, from, "valid_from", CELL_DATE),
        SHEET_FIELD(struct offer_row, to, "valid_to", CELL_DATE_OPEN),
        SHEET_FIELD(struct offer_row, option, "option", CELL_CHARS),
        SHEET_FIELD(struct offer_row, month_ttc, "abo_mois_ttc", CELL_MICRO),
        SHEET_FIELD(struct offer_row, base, "kwh_base", CELL_MICRO),
        SHEET_FIELD(struct offer_row, hp, "kwh_hp", CELL_MICRO),
        SHEET_FIELD(struct offer_row, hc, "kwh_hc", CELL_MICRO),
    };
    static const char *const energies[2] = {"elec", "gaz"};
    r->offers = ROWS(r, s, struct offer_row);
    r->n_offers = s->n_rows;
    if (!FILL(r, s, fields, r->offers))
        return false;
    for (size_t i = 0; i < s->n_rows; i++) {
        struct offer_row *o = &r->offers[i];
        const char *cell = sheet_cell(s, i, "kva");
        int64_t kva = 0;
        int32_t day = o->from;
        if (!either(s, i, "energy", energies, &o->gas))
            return false;
        if (o->gas ? *cell != '\0' : !str_to_i64(cell, &kva) || kva < 1 ||
                                         kva > 36)
            return sheet_bad(s, i, "kva", cell);
        o->kva = (int32_t)kva;
        cell = sheet_cell(s, i, "loaded");
        if (*cell && !sheet_date(cell, &day))
            return sheet_bad(s, i, "loaded", cell);
        if (i == 0 || day > r->offers_day)
            r->offers_day = day;
    }
    return true;
}

/* Adds the non-empty parts of a|b|c to a list. */
static void add_parts(struct arena *a, const char *cell, const char **list,
                      size_t *n)
{
    const char *parts[LIST_MAX];
    const size_t found = str_split(a, cell, '|', parts, LIST_MAX);
    for (size_t i = 0; i < found && *n < LIST_MAX; i++) {
        const char *part = str_trim(a, parts[i]);
        if (*part)
            list[(*n)++] = part;
    }
}

static const char **list_from(struct arena *a, const struct sheet *s,
                              size_t row, const char *const *columns,
                              size_t *n)
{
    const char *all[LIST_MAX] = {0};
    *n = 0;
    for (; *columns; columns++)
        add_parts(a, sheet_cell(s, row, *columns), all, n);
    const char **list = ARENA_ARRAY(a, *n, const char *);
    memcpy(list, all, *n * sizeof *list);
    return list;
}

static bool supplier_lists(struct reference *r, const struct sheet *s,
                           size_t row, struct supplier *to)
{
    static const char *const names[] = {"name", "legal_names", "aliases", NULL},
                            *const domains[] = {"domains", NULL},
                            *const phones[] = {"phones", NULL},
                            *const labels[] = {"labels_hint", NULL};
    struct arena *a = r->memory;
    to->names = list_from(a, s, row, names, &to->n_names);
    to->domains = list_from(a, s, row, domains, &to->n_domains);
    to->phones = list_from(a, s, row, phones, &to->n_phones);
    to->labels = list_from(a, s, row, labels, &to->n_labels);
    const char *kind = sheet_cell(s, row, "kind");
    to->is_operator = str_eq(kind, "grd");
    to->is_brand = str_eq(kind, "marque");
    to->is_local = str_eq(kind, "eld");
    if (!to->n_names || !*to->id)
        return sheet_bad(s, row, "name", to->id);
    if (*to->siren && strspn(to->siren, "0123456789") != 9)
        return sheet_bad(s, row, "siren", to->siren);
    return true;
}

bool reference_load_suppliers(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct supplier, id, "id", CELL_TEXT),
        SHEET_FIELD(struct supplier, name, "name", CELL_TEXT),
        SHEET_FIELD(struct supplier, siren, "siren", CELL_TEXT),
        SHEET_FIELD(struct supplier, elec, "elec", CELL_YES_NO),
        SHEET_FIELD(struct supplier, gas, "gas", CELL_YES_NO),
    };
    const size_t before = r->n_suppliers;
    struct supplier *all =
        ARENA_ARRAY(r->memory, before + s->n_rows, struct supplier);
    if (before)
        memcpy(all, r->suppliers, before * sizeof *all);
    r->suppliers = all;
    r->n_suppliers = before + s->n_rows;
    if (!FILL(r, s, fields, all + before))
        return false;
    for (size_t i = 0; i < s->n_rows; i++)
        if (!supplier_lists(r, s, i, &all[before + i]))
            return false;
    return true;
}

static void free_code(void *code)
{
    pcre2_code_free(code);
}

static bool compile(struct reference *r, const struct sheet *s, size_t row,
                    struct pattern *p)
{
    int number;
    PCRE2_SIZE at;
    p->code = pcre2_compile((PCRE2_SPTR)p->regex, PCRE2_ZERO_TERMINATED,
                            PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS |
                                PCRE2_MULTILINE,
                            &number, &at, NULL);
    if (!p->code)
        return sheet_bad(s, row, "regex", p->regex);
    arena_defer(r->memory, free_code, p->code);
    return true;
}

/* Lists of phrases for the lexicon: hundreds of words that are compared as
 * tokens and would be large as compiled patterns. */
static bool is_phrases(const char *id)
{
    static const char *const prefixes[] = {"label_",  "component_",
                                           "register_", "column_",
                                           "paper_",  "energy_",
                                           "general_", "mention_"};
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        if (str_starts(id, prefixes[i]))
            return true;
    return false;
}

static bool fill_patterns(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct pattern, id, "id", CELL_TEXT),
        SHEET_FIELD(struct pattern, regex, "regex", CELL_TEXT),
        SHEET_FIELD(struct pattern, groups, "groups", CELL_TEXT),
    };
    r->patterns = ROWS(r, s, struct pattern);
    r->n_patterns = s->n_rows;
    if (!FILL(r, s, fields, r->patterns))
        return false;
    for (size_t i = 0; i < s->n_rows; i++)
        if (!is_phrases(r->patterns[i].id) &&
            !compile(r, s, i, &r->patterns[i]))
            return false;
    return true;
}

static bool one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(word, *words))
            return true;
    return false;
}

static bool fill_checks(struct reference *r, const struct sheet *s)
{
    static const struct sheet_field fields[] = {
        SHEET_FIELD(struct check_text, id, "id", CELL_TEXT),
        SHEET_FIELD(struct check_text, group, "group", CELL_TEXT),
        SHEET_FIELD(struct check_text, severity, "severity", CELL_TEXT),
        SHEET_FIELD(struct check_text, energy, "energy", CELL_TEXT),
        SHEET_FIELD(struct check_text, audience, "audience", CELL_TEXT),
        SHEET_FIELD(struct check_text, wording, "wording_fr", CELL_TEXT),
        SHEET_FIELD(struct check_text, brief, "short_fr", CELL_TEXT),
        SHEET_FIELD(struct check_text, source, "source", CELL_TEXT),
        SHEET_FIELD(struct check_text, verified, "source_read", CELL_VERIFIED),
    };
    static const char *const severities[] = {"haute", "moyenne", "basse",
                                             "info", NULL},
                            *const energies[] = {"all", "elec", "gaz", NULL},
                            *const audiences[] = {"all", "conso", "pro", NULL};
    r->checks = ROWS(r, s, struct check_text);
    r->n_checks = s->n_rows;
    if (!FILL(r, s, fields, r->checks))
        return false;
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct check_text *t = &r->checks[i];
        if (!one_of(t->severity, severities))
            return sheet_bad(s, i, "severity", t->severity);
        if (!one_of(t->energy, energies))
            return sheet_bad(s, i, "energy", t->energy);
        if (!one_of(t->audience, audiences))
            return sheet_bad(s, i, "audience", t->audience);
    }
    return true;
}

const struct reference_load reference_load_tables[] = {
    {"trve_bleu_residentiel", &SQL_REFERENCE_SELECT_TRVE, fill_trve, false},
    {"prvg_gaz_cre", &SQL_REFERENCE_SELECT_PRVG, fill_prvg, false},
    {"accises", &SQL_REFERENCE_SELECT_EXCISE, fill_excise, false},
    {"tva", &SQL_REFERENCE_SELECT_VAT, fill_vat, false},
    {"cta", &SQL_REFERENCE_SELECT_CTA, fill_cta, false},
    {"turpe", &SQL_REFERENCE_SELECT_TURPE, fill_turpe, false},
    {"atrd_grdf", &SQL_REFERENCE_SELECT_ATRD, fill_atrd, false},
    {"offers", &SQL_REFERENCE_SELECT_OFFER, fill_offers, .optional = true},
    {"suppliers", &SQL_REFERENCE_SELECT_SUPPLIER, reference_load_suppliers, false},
    {"patterns", &SQL_REFERENCE_SELECT_PATTERN, fill_patterns, false},
    {"checks", &SQL_REFERENCE_SELECT_CHECK, fill_checks, false},
};
const size_t reference_load_n_tables = ARRAY_LEN(reference_load_tables);

/* Regulated electricity tariffs change on 1 February and 1 August. */
static int32_t before_next_grid(int32_t from)
{
    int y, m, d;
    clock_civil(from, &y, &m, &d);
    if (m < 2)
        return clock_days(y, 2, 1) - 1;
    return (m < 8 ? clock_days(y, 8, 1) : clock_days(y + 1, 2, 1)) - 1;
}

void reference_load_finish(struct reference *r)
{
    r->trve_until = r->prvg_until = INT32_MIN;
    for (size_t i = 0; i < r->n_trve; i++) {
        const struct trve_row *t = &r->trve[i];
        const int32_t to =
            t->to == INT32_MAX ? before_next_grid(t->from) : t->to;
        if (str_eq(t->option, "BASE") && t->month_ttc >= 0 && t->base >= 0 &&
            to > r->trve_until)
            r->trve_until = to;
    }
    for (size_t i = 0; i < r->n_prvg; i++) {
        const struct prvg_row *p = &r->prvg[i];
        int y, m, d;
        clock_civil(p->month, &y, &m, &d);
        const int32_t last = p->month + clock_month_days(y, m) - 1;
        if (p->year_ttc >= 0 && p->kwh_ttc >= 0 && last > r->prvg_until)
            r->prvg_until = last;
    }
}
