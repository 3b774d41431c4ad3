/* Which energy is billed: words count where they stand in what is billed,
 * not in footers and adverts ("EDF et GRDF" says nothing). */
#include "base/buf.h"
#include "base/str.h"
#include "invoice/reader.h"
#include <string.h>

/* Rows of the lowest part of a page and of legal notices do not count. */
static bool small_print(const struct reader *r, uint32_t i)
{
    static const char *const signs[] = {"rcs",     "siren",     "capital",
                                        "siege",   "urgence",   "depannage",
                                        "mediateur", "origine", "page"};
    const struct row *row = &r->l->rows[i];
    for (uint32_t k = 0; k < row->n_tokens; k++)
        for (size_t s = 0; s < ARRAY_LEN(signs); s++)
            if (str_eq(row->tokens[k].text, signs[s]))
                return true;
    int page = row->page >= 1 && row->page <= r->l->n_pages ? row->page : 1;
    return row->box.y0 > 0.93f * r->l->heights[page - 1];
}

static size_t slot(const struct reader *r, const char *text)
{
    size_t h = 5381;
    for (const char *p = text; *p; p++)
        h = h * 33 ^ (unsigned char)*p;
    h &= r->said_mask;
    while (r->said[h] && strcmp(r->said[h], text) != 0)
        h = (h + 1) & r->said_mask;
    return h;
}

/* Marks the small print and remembers every word outside of it. */
static void learn_words(struct reader *r)
{
    size_t tokens = 0, size = 64;
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        r->is_small[i] = small_print(r, i);
        tokens += r->l->rows[i].n_tokens;
    }
    while (size < tokens * 2)
        size *= 2;
    r->said = ARENA_ARRAY(r->a, size, const char *);
    r->said_mask = size - 1;
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        for (uint32_t k = 0; !r->is_small[i] && k < r->l->rows[i].n_tokens;
             k++) {
            const char *text = r->l->rows[i].tokens[k].text;
            r->said[slot(r, text)] = text;
        }
}

static enum energy words_of(const struct reader *r, uint32_t row)
{
    bool elec = reader_says(r, row, SAYS_ELEC, NULL);
    bool gas = reader_says(r, row, SAYS_GAS, NULL);
    return elec == gas ? ENERGY_NONE : elec ? ENERGY_ELEC : ENERGY_GAS;
}

static bool has_money(const struct row *row)
{
    for (const char *p = row->text; *p; p++)
        if (*p == ',' && p[1] >= '0' && p[1] <= '9')
            return true;
    return false;
}

/* "ELECTRICITE | PDL … | Puissance …": the first cell names the energy and
 * nothing else. */
static bool first_cell_names(const struct reader *r, uint32_t i)
{
    const struct row *row = &r->l->rows[i];
    const struct hit *h = reader_find(r, i, SAYS_ELEC, SAYS_GAS);
    return h && row->n_cells && h->from == 0 &&
           reader_hit_to(r, h) + 1 >= row->cells[0].to;
}

/* A short row that names one energy and no amount opens a section. */
void energy_sections(struct reader *r)
{
    enum energy now = ENERGY_NONE;
    learn_words(r);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        enum energy e = words_of(r, i);
        bool is_short = row->n_cells <= 2 && row->n_tokens <= 7;
        bool heading = (is_short || first_cell_names(r, i)) &&
                       !has_money(row) && !r->is_small[i];
        if (e != ENERGY_NONE && heading)
            now = e;
        r->energy[i] = (uint8_t)now;
    }
}

/* ---- score -------------------------------------------------------------- */

struct score {
    int elec, gas;
    struct buf why_elec, why_gas;
};

static void count(int *score, struct buf *why, int points, const char *word)
{
    *score += points;
    buf_printf(why, "%s%s", why->n ? ", " : "", word);
}

static bool any_token(const struct reader *r, const char *text)
{
    return r->said[slot(r, text)] != NULL;
}

/* "sur l'électricité" or "gaz naturel" as two tokens in a row. */
static bool any_pair(const struct reader *r, const char *a, const char *b)
{
    for (uint32_t i = 0; any_token(r, a) && i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        for (uint32_t k = 0; k + 1 < row->n_tokens && !r->is_small[i]; k++)
            if (strcmp(row->tokens[k].text, a) == 0 &&
                strcmp(row->tokens[k + 1].text, b) == 0)
                return true;
    }
    return false;
}

static bool any_of(const struct reader *r, const char *const *words)
{
    for (; *words; words++)
        if (any_token(r, *words))
            return true;
    return false;
}

static bool billed(const struct reader *r, enum energy e)
{
    for (size_t i = 0; i < r->inv->n_lines; i++)
        if (r->inv->lines[i].energy == e &&
            r->inv->lines[i].component != COMP_OTHER)
            return true;
    return false;
}

static void score_elec(const struct reader *r, struct score *s)
{
    static const char *const kva[] = {"kva", NULL};
    static const char *const registers[] = {"hp", "hc", "hpb", "hcb", "hph",
                                            "hch", "creuses", "tempo", NULL};
    static const char *const taxes[] = {"cspe", "ticfe", "tcfe", NULL};
    static const char *const network[] = {"turpe", NULL};
    static const char *const linky[] = {"linky", NULL};
    static const char *const names[] = {"electricite", "electricity",
                                        "electrique",
                                        "electric", "strom", NULL};
    static const char *const meters[] = {"meter", "compteur", "zahler",
                                         NULL};
    static const char *const gases[] = {"gaz", "gas", "pce", NULL};
    struct buf *w = &s->why_elec;
    static const char *const point[] = {"pdl", "prm", "rae", NULL};
    bool electric = any_of(r, point) ||
                    any_pair(r, "acheminement", "electricite");
    if (r->inv->f[F_pdl].present) /* gas has "points de livraison" too */
        count(&s->elec, w, electric ? 3 : 1, "PDL");
    if (any_of(r, kva))
        count(&s->elec, w, 2, "kVA");
    if (any_of(r, registers))
        count(&s->elec, w, 2, "HP/HC");
    if (any_of(r, network))
        count(&s->elec, w, 1, "TURPE");
    if (any_of(r, taxes) || any_pair(r, "sur", "electricite") ||
        any_pair(r, "accise", "electricite"))
        count(&s->elec, w, 2, "accise sur l'électricité");
    if (any_of(r, linky))
        count(&s->elec, w, 1, "Linky");
    if (any_of(r, names))
        count(&s->elec, w, 2, "électricité");
    /* abroad only electricity is sold by the kWh, cubic metres are water's */
    const bool other = any_of(r, gases);
    if (any_token(r, "kwh") && r->inv->is_foreign && !other)
        count(&s->elec, w, any_of(r, meters) ? 4 : 3, "kWh");
    else if (any_token(r, "kwh") && !any_token(r, "m3"))
        count(&s->elec, w, 1, "kWh");
}

static void score_gas(const struct reader *r, struct score *s)
{
    static const char *const volume[] = {"m3", NULL};
    static const char *const network[] = {"atrd", "atrt", "atrd7", "atrd6",
                                          NULL};
    static const char *const gazpar[] = {"gazpar", NULL};
    static const char *const therms[] = {"ccf", "mcf", "therm", "therms",
                                         NULL};
    struct buf *w = &s->why_gas;
    if (r->inv->f[F_pce].present || any_token(r, "pce"))
        count(&s->gas, w, 3, "PCE");
    if (any_of(r, volume) && (!r->inv->is_foreign || any_token(r, "gaz")))
        count(&s->gas, w, 2, "m³");
    if (r->inv->is_foreign && any_token(r, "gas") && any_of(r, therms))
        count(&s->gas, w, 4, "therms");
    if (r->inv->f[F_conversion].present)
        count(&s->gas, w, 2, "coefficient de conversion");
    if (any_of(r, network))
        count(&s->gas, w, 1, "ATRD");
    if (any_token(r, "ticgn") || any_pair(r, "sur", "gaz") ||
        any_pair(r, "accise", "gaz"))
        count(&s->gas, w, 2, "accise sur le gaz");
    if (any_of(r, gazpar))
        count(&s->gas, w, 1, "Gazpar");
    if (r->inv->f[F_gas_class].present)
        count(&s->gas, w, 1, "classe de consommation");
    if (any_pair(r, "gaz", "naturel") || any_pair(r, "natural", "gas"))
        count(&s->gas, w, 2, "gaz naturel");
    else if (any_token(r, "gaz"))
        count(&s->gas, w, 1, "gaz");
}

/* Lines that bill this energy by their own words or their section's. */
static int billed_lines(const struct reader *r, enum energy e)
{
    int n = 0;
    for (size_t i = 0; i < r->inv->n_lines; i++)
        n += r->inv->lines[i].energy == e;
    return n;
}

static bool sells_energy(enum component c)
{
    return c != COMP_OTHER && c != COMP_SERVICE && c != COMP_FEE &&
           c != COMP_DISCOUNT && c != COMP_GREEN && c != COMP_ADJUSTMENT;
}

/* A row calls the paper an invoice: "Détail de votre facture du…". */
static bool names_invoice(const struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        if (reader_says(r, i, SAYS_PAPER + PAPER_INVOICE, NULL))
            return true;
    return false;
}

/* A line of energy; a page of totals will do when no other lines make up
 * more than a quarter of it (an electrician's bill names the point, too). */
static bool bills_energy(const struct reader *r)
{
    const struct invoice *inv = r->inv;
    int64_t other = 0;
    if (r->other_language)
        return true; /* its lines may be written another way */
    /* an annex of an invoice may hold its readings alone */
    if (inv->n_lines == 0 && inv->n_meters > 1 && names_invoice(r))
        return true;
    for (size_t i = 0; i < inv->n_lines; i++) {
        if (sells_energy(inv->lines[i].component))
            return true;
        other += inv->lines[i].amount_cents;
    }
    return inv->f[F_total_ttc].present &&
           other <= inv->f[F_total_ttc].num / 4;
}

static enum energy verdict(const struct reader *r, const struct score *s)
{
    bool elec = billed(r, ENERGY_ELEC), gas = billed(r, ENERGY_GAS);
    if (s->elec >= 5 && s->gas >= 5 && elec && gas)
        return ENERGY_DUAL;
    int top = s->elec > s->gas ? s->elec : s->gas;
    int other = s->elec > s->gas ? s->gas : s->elec;
    if (!bills_energy(r) || top < 4)
        return ENERGY_NONE;
    if (top >= 2 * other)
        return s->elec > s->gas ? ENERGY_ELEC : ENERGY_GAS;
    if (elec != gas) /* the words are mixed, what is billed is not */
        return elec ? ENERGY_ELEC : ENERGY_GAS;
    return ENERGY_NONE;
}

/* Lines and meters without an energy of their own take the invoice's. */
static void spread(struct reader *r)
{
    struct invoice *inv = r->inv;
    if (inv->energy != ENERGY_ELEC && inv->energy != ENERGY_GAS)
        return;
    for (size_t i = 0; i < inv->n_lines; i++)
        inv->lines[i].energy = inv->energy;
    for (size_t i = 0; i < inv->n_meters; i++)
        inv->meters[i].energy = inv->energy;
}

void energy_decide(struct reader *r)
{
    struct invoice *inv = r->inv;
    struct score s = {0};
    buf_init(&s.why_elec, r->a, 400);
    buf_init(&s.why_gas, r->a, 400);
    score_elec(r, &s);
    score_gas(r, &s);
    inv->energy = verdict(r, &s);
    int top = s.elec > s.gas ? s.elec : s.gas;
    int other = inv->energy == ENERGY_DUAL ? 0 : s.elec + s.gas - top;
    int conf = top ? 1000 * top / (top + other) : 0;
    inv->energy_conf = (int16_t)(top < 8 ? conf * top / 8 : conf);
    /* a short invoice has few words; what it bills speaks for it */
    bool clear = inv->energy != ENERGY_NONE && other == 0 &&
                 billed_lines(r, inv->energy) >= 2;
    if (clear && inv->energy_conf < 750)
        inv->energy_conf = 750;
    bool both = inv->energy == ENERGY_DUAL || (s.elec && s.gas &&
                                               inv->energy == ENERGY_NONE);
    inv->energy_why =
        both ? arena_printf(r->a, "électricité : %s ; gaz : %s",
                            buf_cstr(&s.why_elec), buf_cstr(&s.why_gas))
             : buf_cstr(s.elec >= s.gas ? &s.why_elec : &s.why_gas);
    if (inv->is_foreign)
        inv->energy_why =
            arena_printf(r->a, "facture étrangère ; %s", inv->energy_why);
    if (inv->energy != ENERGY_NONE)
        reader_derive(r, F_energy_type, energy_name(inv->energy), 0,
                      inv->energy_conf);
    spread(r);
}
