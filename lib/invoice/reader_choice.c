/* One value per field: the best place wins, dates must make sense, and what
 * follows from billed lines is worth more than a heading. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/reader.h"
#include <pcre2.h>
#include <string.h>

static const struct candidate *best_of(const struct candidates *list)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < list->n; i++)
        if (!best || list->list[i].score > best->score)
            best = &list->list[i];
    return best;
}

static void choose(struct reader *r, enum field_id id, int conf)
{
    const struct candidate *c = best_of(&r->fields[id]);
    if (c)
        reader_set(r, id, c->text, c->num, c, conf);
}

/* The best date from day lo to hi. */
static const struct candidate *best_date(const struct candidates *list,
                                         int64_t lo, int64_t hi)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < list->n; i++) {
        const struct candidate *c = &list->list[i];
        if (c->num >= lo && c->num <= hi && (!best || c->score > best->score))
            best = c;
    }
    return best;
}

static bool row_has(const struct reader *r, uint32_t row, const char *token)
{
    for (uint32_t i = 0; i < r->l->rows[row].n_tokens; i++)
        if (str_eq(r->l->rows[row].tokens[i].text, token))
            return true;
    return false;
}

/* A payment is due within months of the invoice; a date in a clause about
 * the contract or the next invoice is another one. */
static void choose_due_date(struct reader *r)
{
    struct candidates *list = &r->fields[F_due_date];
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        uint32_t row = list->list[i].label_row;
        if (!row_has(r, row, "prochaine") && !row_has(r, row, "prochain"))
            list->list[kept++] = list->list[i];
    }
    list->n = kept;
    int64_t day = invoice_num(r->inv, F_invoice_date, 0);
    const struct candidate *c =
        day ? best_date(list, day - 10, day + 130)
            : best_of(list);
    if (c)
        reader_set(r, F_due_date, NULL, c->num, c, 750);
}

static void choose_dates(struct reader *r)
{
    choose(r, F_invoice_date, 750);
    choose_due_date(r);
    choose(r, F_offer_end, 750);
    choose(r, F_last_real_reading, 750);
    struct invoice *inv = r->inv;
    bool in_order = inv->f[F_invoice_date].present &&
                    inv->f[F_due_date].present &&
                    inv->f[F_invoice_date].num <= inv->f[F_due_date].num;
    if (in_order) {
        reader_confirm(r, F_invoice_date, 800);
        reader_confirm(r, F_due_date, 800);
    }
}

/* ---- period ------------------------------------------------------------- */

static bool period_of_lines(const struct reader *r, enum component component,
                            int32_t *from, int32_t *to)
{
    bool any = false;
    for (size_t i = 0; i < r->inv->n_lines; i++) {
        const struct line *l = &r->inv->lines[i];
        if (l->component != component || !l->has_period)
            continue;
        *from = any && *from < l->start ? *from : l->start;
        *to = any && *to > l->end ? *to : l->end;
        any = true;
    }
    return any;
}

static void choose_period(struct reader *r)
{
    int32_t from, to;
    bool lines = period_of_lines(r, COMP_CONSUMPTION, &from, &to);
    const struct candidate *c = best_of(&r->periods);
    for (size_t i = 0; lines && i < r->periods.n; i++)
        if (r->periods.list[i].num == from && r->periods.list[i].num2 == to)
            c = &r->periods.list[i]; /* printed twice: certain */
    bool agree = c && lines && c->num == from && c->num2 == to;
    bool consumption = c && row_has(r, c->label_row, "consommation");
    if (c && (agree || !lines || consumption)) {
        int conf = agree ? 930 : 750;
        reader_set(r, F_period_start, NULL, c->num, c, conf);
        reader_set(r, F_period_end, NULL, c->num2, c, conf);
    } else if (lines) {
        reader_derive(r, F_period_start, NULL, from, 800);
        reader_derive(r, F_period_end, NULL, to, 800);
    }
    if (period_of_lines(r, COMP_SUBSCRIPTION, &from, &to)) {
        reader_derive(r, F_subscription_start, NULL, from, 800);
        reader_derive(r, F_subscription_end, NULL, to, 800);
    }
}

/* ---- patterns without a label ------------------------------------------- */

/* Group 0 of a pattern in a row: bytes from..to. */
static bool match(const struct reader *r, const char *id, uint32_t row,
                  uint32_t *from, uint32_t *to)
{
    const struct pattern *p = reference_pattern(r->ref, id);
    const struct row *text = &r->l->rows[row];
    if (!p || !p->code)
        return false;
    pcre2_match_data *data = pcre2_match_data_create(8, NULL);
    int n = pcre2_match(p->code, (PCRE2_SPTR)text->text, text->len, 0, 0,
                        data, NULL);
    if (n > 0) {
        const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);
        *from = (uint32_t)at[0];
        *to = (uint32_t)at[1];
    }
    pcre2_match_data_free(data);
    return n > 0;
}

static void find_iban(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        struct candidate c = {.row = i};
        const char *fr = strstr(r->l->rows[i].text, "FR");
        if (!fr || !match(r, "iban", i, &c.from, &c.to))
            continue;
        const char *text = arena_strndup(r->a, r->l->rows[i].text + c.from,
                                         c.to - c.from);
        reader_set(r, F_iban, text, 0, &c, 750);
        return;
    }
}

static void find_green(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        struct candidate c = {.row = i};
        bool word = row_has(r, i, "verte") || row_has(r, i, "renouvelable") ||
                    row_has(r, i, "origine");
        if (!word || !match(r, "green", i, &c.from, &c.to))
            continue;
        reader_set(r, F_green, NULL, 1, &c, 750);
        return;
    }
}

static bool starts_any(const char *s, const char *const *prefixes)
{
    for (; *prefixes; prefixes++)
        if (str_starts(s, *prefixes))
            return true;
    return false;
}

/* A network tariff formula needs no label: nothing else looks like it. */
static void find_fta(struct reader *r)
{
    static const char *const prefixes[] = {"btinf", "btsup", "htacu", "htalu",
                                           NULL};
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        for (uint32_t k = 0; k < r->l->rows[i].n_tokens; k++) {
            const struct token *t = &r->l->rows[i].tokens[k];
            if (t->len < 7 || t->len > 10 || !starts_any(t->text, prefixes))
                continue;
            struct candidate c = {.row = i, .from = t->from, .to = t->to};
            char *text = arena_strdup(r->a, t->text);
            for (char *p = text; *p; p++)
                *p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
            reader_set(r, F_fta, text, 0, &c, 900);
            return;
        }
}

/* ---- offer -------------------------------------------------------------- */

static bool rows_near_say(const struct reader *r, uint32_t row,
                          const char *const *starts)
{
    for (uint32_t i = row; i < row + 3 && i < r->l->n_rows; i++)
        for (uint32_t k = 0; k < r->l->rows[i].n_tokens; k++)
            if (starts_any(r->l->rows[i].tokens[k].text, starts))
                return true;
    return false;
}

static void find_offer_type(struct reader *r, uint32_t row)
{
    static const char *const indexed[] = {"index", NULL};
    static const char *const fixed[] = {"fixe", "bloque", "garanti", NULL};
    static const char *const regulated[] = {"reglement", "trv", "bleu", NULL};
    const char *type = rows_near_say(r, row, indexed)     ? "indexe"
                       : rows_near_say(r, row, fixed)     ? "fixe"
                       : rows_near_say(r, row, regulated) ? "reglemente"
                                                          : NULL;
    struct candidate c = {.row = row, .to = r->l->rows[row].len};
    if (type)
        reader_set(r, F_offer_type, type, 0, &c, 700);
}

/* ---- customer ----------------------------------------------------------- */

static bool five_digits(const char *s)
{
    return strspn(s, "0123456789") == 5 && s[5] == ' ' && s[6] >= 'A';
}

static bool civility(const char *s)
{
    static const char *const words[] = {"M. ",      "M ",     "Mme ",
                                        "MME ",     "Mlle ",  "Monsieur ",
                                        "Madame ",  "MONSIEUR ", "MADAME ",
                                        "M. et Mme ", "MR ",  "Mr "};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_starts(s, words[i]))
            return true;
    return false;
}

/* "BOULANGERIE TEST SARL" and "Commune de X" are no consumers. */
static bool names_company(struct arena *a, const char *name)
{
    static const char *const forms[] = {
        "sarl",   "sas",     "sasu",    "eurl",     "snc",         "scop",
        "earl",   "gaec",    "scea",    "selarl",   "sci",         "ets",
        "mairie", "commune", "syndicat", "copropriete", "association"};
    uint32_t n = 0;
    const struct token *t = name ? layout_tokens(a, name, &n) : NULL;
    for (uint32_t i = 0; i < n; i++)
        for (size_t k = 0; k < ARRAY_LEN(forms); k++)
            if (strcmp(t[i].text, forms[k]) == 0)
                return true;
    return false;
}

/* A company is addressed in the right part of the page; in the left one it is
 * the issuer. */
static bool addresses_company(const struct reader *r, uint32_t row,
                              const struct cell *c)
{
    const struct row *text = &r->l->rows[row];
    const float width = r->doc->pages[text->page - 1].width;
    return c->x0 > 0.4f * width &&
           names_company(r->a, arena_strndup(r->a, text->text + c->from,
                                             c->to - c->from));
}

static bool is_upper_word(const char *s)
{
    return (*s >= 'A' && *s <= 'Z') || (unsigned char)*s >= 0xC3;
}

/* The addressee: a civility and a name, or a company's name, that open a cell
 * of page 1 and are followed by a postcode in the same column. */
static bool addressee(const struct reader *r, uint32_t row,
                      const struct cell *c)
{
    const struct row *text = &r->l->rows[row];
    const char *s = text->text + c->from;
    if (c->to - c->from > 60 ||
        (!civility(s) && !addresses_company(r, row, c)))
        return false;
    const char *last = strrchr(arena_strndup(r->a, s, c->to - c->from), ' ');
    if (!last || !is_upper_word(last + 1))
        return false;
    for (uint32_t i = row + 1; i < row + 7 && i < r->l->n_rows; i++)
        for (uint32_t k = 0; k < r->l->rows[i].n_cells; k++) {
            const struct cell *o = &r->l->rows[i].cells[k];
            if (o->x0 > c->x0 - 8 && o->x0 < c->x0 + 8 &&
                five_digits(r->l->rows[i].text + o->from))
                return true;
        }
    return false;
}

static void find_addressee(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows && r->l->rows[i].page == 1; i++)
        for (uint32_t k = 0; k < r->l->rows[i].n_cells; k++) {
            const struct cell *c = &r->l->rows[i].cells[k];
            if (!addressee(r, i, c))
                continue;
            struct candidate at = {.row = i, .from = c->from, .to = c->to};
            reader_set(r, F_customer_name,
                       arena_strndup(r->a, r->l->rows[i].text + c->from,
                                     c->to - c->from),
                       0, &at, 600);
            return;
        }
}

static void find_zip(struct reader *r)
{
    static const enum field_id from[] = {F_site_address, F_billing_address};
    for (size_t i = 0; i < ARRAY_LEN(from) && !r->inv->zip; i++) {
        const char *s = invoice_text(r->inv, from[i]);
        for (; s && *s && !r->inv->zip; s++) {
            size_t n = strspn(s, "0123456789");
            if (n == 5)
                r->inv->zip = arena_strndup(r->a, s, 5);
            s += n ? n - 1 : 0;
        }
    }
}

/* ---- all ---------------------------------------------------------------- */

void choice_make(struct reader *r)
{
    static const struct {
        enum field_id id;
        int16_t conf;
    } plain[] = {
        {F_customer_name, 750},   {F_customer_siren, 900},
        {F_billing_address, 750}, {F_site_address, 750},
        {F_client_ref, 750},      {F_contract_ref, 750},
        {F_invoice_number, 750},  {F_pdl, 900},
        {F_pce, 900},             {F_meter_serial, 750},
        {F_segment, 900},         {F_fta, 750},
        {F_kva, 750},             {F_kva_reached, 750},
        {F_option, 750},          {F_gas_class, 900},
        {F_gas_zone, 750},        {F_car_kwh, 750},
        {F_annual_kwh, 750},      {F_conversion, 900},
        {F_volume_m3, 750},       {F_offer_name, 750},
    };
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        choose(r, plain[i].id, plain[i].conf);
    choose_dates(r);
    choose_period(r);
    find_iban(r);
    find_green(r);
    if (!r->inv->f[F_fta].present)
        find_fta(r);
    if (!r->inv->f[F_customer_name].present)
        find_addressee(r);
    const struct candidate *offer = best_of(&r->fields[F_offer_name]);
    if (offer)
        find_offer_type(r, offer->row);
    find_zip(r);
}

static const char *option_of_lines(const struct invoice *inv)
{
    const char *option = NULL;
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        if (!l->registr || l->energy == ENERGY_GAS || !l->has_quantity)
            continue;
        if (strlen(l->registr) == 3 && l->registr[0] == 'H')
            return "4P";
        if (strchr(l->registr, '_'))
            return "TEMPO";
        if (str_eq(l->registr, "HC") && l->quantity_milli > 0)
            option = "HPHC";
        else if (str_eq(l->registr, "BASE") && !option)
            option = "BASE";
    }
    return option;
}

static void finish_option(struct reader *r)
{
    const char *option = option_of_lines(r->inv);
    struct value *v = &r->inv->f[F_option];
    if (r->inv->energy == ENERGY_GAS)
        v->present = false;
    else if (option && v->present && str_eq(v->text, option))
        reader_confirm(r, F_option, 950);
    else if (option && (!v->present || !str_eq(option, "BASE")))
        reader_derive(r, F_option, option, 0, 850);
}

static void finish_meters(struct reader *r)
{
    struct invoice *inv = r->inv;
    int64_t volume = 0;
    size_t kept = 0; /* where no gas is billed cubic metres are water's */
    for (size_t i = 0; i < inv->n_meters; i++)
        if (inv->energy != ENERGY_ELEC || inv->meters[i].unit != UNIT_M3)
            inv->meters[kept++] = inv->meters[i];
    inv->n_meters = kept;
    for (size_t i = 0; i < inv->n_meters; i++) {
        struct meter *m = &inv->meters[i];
        bool gas = m->energy == ENERGY_GAS;
        m->unit = gas ? UNIT_M3 : UNIT_KWH;
        if (gas)
            m->registr = "GAZ";
        else if (!m->registr)
            m->registr = "BASE";
        volume += gas ? m->consumption : 0;
    }
    if (inv->energy == ENERGY_ELEC) {
        inv->f[F_volume_m3].present = false;
    } else if (volume && !inv->f[F_volume_m3].present) {
        reader_derive(r, F_volume_m3, NULL, volume * 1000, 800);
    } else if (volume && inv->f[F_volume_m3].num == volume * 1000) {
        reader_confirm(r, F_volume_m3, 900);
    }
}

static void finish_professional(struct reader *r)
{
    struct invoice *inv = r->inv;
    int64_t kva = invoice_num(inv, F_kva, 0);
    const char *segment = invoice_text(inv, F_segment);
    if (!segment && kva > 0 && kva <= 36 && inv->energy == ENERGY_ELEC)
        reader_derive(r, F_segment, "C5", 0, 800);
    inv->is_professional = inv->f[F_customer_siren].present || kva > 36 ||
                           (segment && !str_eq(segment, "C5")) ||
                           names_company(r->a,
                                         invoice_text(inv, F_customer_name));
}

/* Digits that differ; OCR may read one or two of the same number wrong. */
static int differing(const char *a, const char *b)
{
    int n = 0;
    for (; *a && *b; a++, b++)
        n += *a != *b;
    return n + (int)(strlen(a) + strlen(b));
}

static bool is_listed(const struct candidates *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->list[i].text, text))
            return true;
    return false;
}

/* Two points of one energy; the other energy's point does not count, whose
 * label may be the same. */
static bool lists_several(const struct reader *r, enum field_id id,
                          enum field_id other)
{
    enum { READ_WRONG = 2 };
    const struct candidates *list = &r->fields[id];
    const char *own = invoice_text(r->inv, id);
    for (size_t i = 0; own && i < list->n; i++)
        if (differing(list->list[i].text, own) > READ_WRONG &&
            !is_listed(&r->fields[other], list->list[i].text))
            return true;
    return false;
}

void choice_finish(struct reader *r)
{
    struct invoice *inv = r->inv;
    inv->several_points = lists_several(r, F_pdl, F_pce) ||
                          lists_several(r, F_pce, F_pdl);
    finish_option(r);
    finish_meters(r);
    finish_professional(r);
    if (inv->energy == ENERGY_GAS && inv->f[F_pdl].present) {
        if (!inv->f[F_pce].present) /* some call it point of delivery */
            inv->f[F_pce] = inv->f[F_pdl];
        inv->f[F_pdl].present = false;
    }
    if (inv->energy == ENERGY_ELEC) {
        inv->f[F_gas_class].present = false;
        inv->f[F_gas_zone].present = false;
        inv->f[F_conversion].present = false;
        inv->f[F_car_kwh].present = false;
    }
}
